import type { Step } from './scenario.ts';
import type { SimWorld } from './sim-world.ts';

export const homes = ['processor-a', 'processor-b'] as const;

/** Breaks, or mends, machines as a step describes; `false`: the step is about people. */
export function trouble(world: SimWorld, step: Step): boolean {
  switch (step.kind) {
    case 'kill_home':
    case 'start_home':
      breakHome(world, step.kind, homes[step.home] ?? homes[0]);
      return true;
    case 'kill_dedicated':
      killDedicated(world);
      return true;
    case 'kill_orchestrator':
      world.orchestrator.kill();
      return true;
    case 'start_orchestrator':
      if (!world.orchestrator.alive) {
        world.restartOrchestrator();
      }
      return true;
    case 'broker_crash':
      world.broker.crash(step.forgets, step.losesMs);
      return true;
    case 'broker_restart':
      world.broker.restart();
      return true;
    case 'power_cut':
      world.powerCut();
      return true;
    default:
      return disturb(world, step);
  }
}

export function killDedicated(world: SimWorld): void {
  for (const one of world.processors.values()) {
    if (one.role === 'dedicated') {
      one.kill();
    }
  }
}

function breakHome(world: SimWorld, how: 'kill_home' | 'start_home', home: string): void {
  const processor = world.processors.get(home);
  if (how === 'kill_home') {
    processor?.kill();
  } else if (processor?.alive === false) {
    world.startHome(home);
  }
}

function disturb(world: SimWorld, step: Step): boolean {
  switch (step.kind) {
    case 'engine':
      world.runtime.works = step.works;
      return true;
    case 'doubled':
      world.broker.doubled = step.share;
      return true;
    case 'lossy':
      world.broker.lost = step.lost;
      world.broker.lateMs = step.lateMs;
      return true;
    case 'wall_jump':
      world.time.jumpWall(step.ms);
      return true;
    case 'image_missing':
      world.runtime.imageMissing = step.missing;
      return true;
    case 'model_missing':
      world.dedicatedModels = step.missing ? ['light'] : ['light', 'precise'];
      return true;
    default:
      return false;
  }
}

/** Everything that was broken is mended, and every processor is up. */
export function heal(world: SimWorld): void {
  const { broker, runtime, house, processors } = world;
  runtime.works = true;
  runtime.imageMissing = false;
  broker.doubled = 0;
  broker.lost = 0;
  broker.lateMs = 30;
  world.dedicatedModels = ['light', 'precise'];
  if (!broker.up) {
    broker.restart();
  }
  if (!world.orchestrator.alive) {
    world.restartOrchestrator();
  }
  for (const home of homes) {
    if (processors.get(home)?.alive !== true) {
      world.startHome(home);
    }
  }
  for (const room of house.rooms) {
    house.setCamera(room, true);
    house.standUp(room);
  }
}
