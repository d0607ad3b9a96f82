import type { Action } from '../plan/action.ts';
import { checkRest, Invariants, Violation } from './invariants.ts';
import type { Scenario, Step } from './scenario.ts';
import { Crash } from './sim-orchestrator.ts';
import { SimWorld } from './sim-world.ts';

const homes = ['processor-a', 'processor-b'] as const;
/** Long enough after the last trouble for everything to have gone back: closing, degraded retries, offline grace. */
const restMs = 240_000;
const quietMs = 60_000;

/** Plays a scenario, then heals the world, and checks what must hold throughout and at the end. */
export class Play {
  readonly world: SimWorld;
  readonly invariants: Invariants;
  /** Rates that people set and that must still stand at the end. */
  readonly fps = new Map<number, number>();
  readonly say: (atMs: number, line: string) => void;
  onAction: (atMs: number, action: Action) => void = () => {};
  #crashIn: number | undefined;
  #forgotAtMs = Number.NEGATIVE_INFINITY;
  readonly #scenario: Scenario;

  /** @param say called with the time and a line for each step, for a replay */
  constructor(scenario: Scenario, say: (atMs: number, line: string) => void = () => {}) {
    this.#scenario = scenario;
    this.say = say;
    this.world = new SimWorld({
      seed: scenario.seed,
      policy: { limits: { max_dedicated: scenario.maxDedicated } },
      before: (action) => this.#before(action),
    });
    this.invariants = new Invariants(this.world);
  }

  /** @throws Violation */
  run(): this {
    this.world.start();
    for (const { afterMs, step } of this.#scenario.steps) {
      this.#pass(afterMs);
      this.say(this.world.time.monoMs, JSON.stringify(step));
      this.#do(step);
    }
    this.#pass(1000);
    this.say(this.world.time.monoMs, 'healing');
    this.#heal();
    this.#pass(restMs);
    checkRest(this.world, { removed: this.invariants.removed, fps: this.fps });
    this.#restsForGood();
    return this;
  }

  #restsForGood(): void {
    const { orchestrator } = this.world;
    const before = orchestrator.looks.length;
    this.#pass(quietMs);
    const more = orchestrator.looks.slice(before).flatMap((look) => look.actions);
    if (more.length > 0) throw new Violation(`no fixed point: ${JSON.stringify(more[0])}`);
  }

  #pass(ms: number): void {
    for (let left = ms; left > 0; left -= 1000) {
      this.world.run(Math.min(1000, left));
      this.invariants.sample();
    }
  }

  #before(action: Action): void {
    this.onAction(this.world.time.monoMs, action);
    this.invariants.action(action);
    if (this.#crashIn === undefined) return;
    this.#crashIn -= 1;
    if (this.#crashIn >= 0) return;
    this.#crashIn = undefined;
    this.#orchestratorDies();
    throw new Crash();
  }

  #do(step: Step): void {
    const { world } = this;
    switch (step.kind) {
      case 'fall':
        world.house.fall(step.room);
        break;
      case 'stand':
        world.house.standUp(step.room);
        break;
      case 'acknowledge':
      case 'resolve':
      case 'release':
      case 'drill':
        world.tell(step.kind, { source_id: step.room });
        break;
      case 'camera':
        world.house.setCamera(step.room, step.works);
        break;
      case 'operator_fps':
      case 'operator_fps_all':
      case 'operator_remove':
      case 'operator_add':
        this.#operate(step);
        break;
      default:
        this.#break(step);
    }
  }

  #operate(step: Extract<Step, { kind: `operator_${string}` }>): void {
    const { world } = this;
    switch (step.kind) {
      case 'operator_fps':
        this.#setRate(this.#homeOf(step.room), [step.room], step.fps, { source_id: step.room });
        break;
      case 'operator_fps_all': {
        const home = homes[step.home] ?? homes[0];
        const own = (world.homes[home] ?? []).filter((room) => world.processors.get(home)?.streams.has(room));
        this.#setRate(home, own, step.fps, {});
        break;
      }
      case 'operator_remove':
        this.invariants.removed.add(step.room);
        world.operate('remove_stream', { source_id: step.room }, this.#homeOf(step.room));
        break;
      case 'operator_add':
        this.invariants.removed.add(step.room);
        world.operate('add_stream', { source_id: step.room });
        break;
    }
  }

  /** Only a rate that the processor took, and that the orchestrator was there to hear of, is expected to stand. */
  #setRate(home: string, rooms: readonly number[], fps: number, params: Record<string, unknown>): void {
    const { world } = this;
    const processor = world.processors.get(home);
    world.operate('set_fps', { max_fps: fps, ...params }, home);
    const taken = new Set<number>();
    let heard = world.orchestrator.acting && world.broker.isOnline(home);
    for (let waited = 0; waited < 1500; waited += 50) {
      world.run(50);
      for (const room of rooms) if (processor?.streams.get(room)?.maxFps === fps) taken.add(room);
      heard = heard && world.orchestrator.acting;
    }
    for (const room of rooms) {
      if (heard && taken.has(room)) this.fps.set(room, fps);
      else this.fps.delete(room);
    }
  }

  #homeOf(room: number): string {
    return (this.world.homes['processor-a'] ?? []).includes(room) ? 'processor-a' : 'processor-b';
  }

  #break(step: Step): void {
    const { world } = this;
    switch (step.kind) {
      case 'kill_home':
      case 'start_home':
        this.#breakHome(step.kind, homes[step.home] ?? homes[0]);
        break;
      case 'kill_dedicated':
        for (const one of world.processors.values()) if (one.role === 'dedicated') one.kill();
        break;
      case 'kill_orchestrator':
        this.#orchestratorDies();
        world.orchestrator.kill();
        break;
      case 'start_orchestrator':
        if (!world.orchestrator.alive) world.restartOrchestrator();
        break;
      case 'crash_at':
        this.#crashIn = step.action;
        break;
      case 'broker_crash':
        world.broker.crash(step.forgets);
        if (step.forgets) this.#brokerForgets();
        break;
      case 'broker_restart':
        world.broker.restart();
        break;
      default:
        this.#disturb(step);
    }
  }

  #breakHome(how: 'kill_home' | 'start_home', home: string): void {
    const processor = this.world.processors.get(home);
    if (how === 'kill_home') processor?.kill();
    else if (processor?.alive === false) this.world.startHome(home);
  }

  #disturb(step: Step): void {
    const { world } = this;
    if (step.kind === 'engine') world.runtime.works = step.works;
    if (step.kind === 'doubled') world.broker.doubled = step.share;
    if (step.kind === 'wall_jump') world.time.jumpWall(step.ms);
    if (step.kind === 'model_missing') world.dedicatedModels = step.missing ? ['light'] : ['light', 'precise'];
  }

  /** A broker that forgets while nobody else remembers: what people had set is gone from the world. */
  #brokerForgets(): void {
    this.#forgotAtMs = this.world.time.monoMs;
    if (!this.world.orchestrator.alive) this.fps.clear();
  }

  #orchestratorDies(): void {
    const toldAgainMs = 20_000;
    const up = this.world.broker.up && this.world.time.monoMs - this.#forgotAtMs > toldAgainMs;
    if (!up && Number.isFinite(this.#forgotAtMs)) this.fps.clear();
  }

  /** Everything that was broken is mended, everybody is up, every incident is acknowledged. */
  #heal(): void {
    const { world } = this;
    this.#crashIn = undefined;
    world.runtime.works = true;
    world.broker.doubled = 0;
    world.dedicatedModels = ['light', 'precise'];
    if (!world.broker.up) world.broker.restart();
    if (!world.orchestrator.alive) world.restartOrchestrator();
    for (const home of homes) if (world.processors.get(home)?.alive !== true) world.startHome(home);
    for (const room of world.house.rooms) {
      world.house.setCamera(room, true);
      world.house.standUp(room);
    }
    for (let round = 0; round < 6; round += 1) {
      this.#pass(15_000);
      for (const incident of world.incidents()) {
        if (incident.state !== 'closed') world.tell('acknowledge', { incident_id: incident.incident_id });
      }
    }
  }
}
