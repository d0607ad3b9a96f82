import type { Action } from '../plan/action.ts';
import { checkRest, Invariants, Violation } from './invariants.ts';
import type { Scenario, Step } from './scenario.ts';
import { Crash } from './sim-orchestrator.ts';
import { SimWorld } from './sim-world.ts';
import { heal, homes, killDedicated, trouble } from './trouble.ts';

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
  #crashIn: Extract<Step, { kind: 'crash_at' }> | undefined;
  /** When people last set a room's rate. */
  readonly #set = new Map<number, { readonly atMs: number }>();
  #forgotAtMs = Number.NEGATIVE_INFINITY;
  readonly #scenario: Scenario;

  /** @param say called with the time and a line for each step, for a replay */
  constructor(scenario: Scenario, say: (atMs: number, line: string) => void = () => {}) {
    this.#scenario = scenario;
    this.say = say;
    this.world = new SimWorld({
      seed: scenario.seed,
      policy: { limits: { max_dedicated: scenario.maxDedicated }, standby: scenario.standby ?? 0 },
      containers: scenario.containers === true,
      startsWithinMs: scenario.slow === true ? [3000, 25_000] : [200, 1200],
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
    const crash = this.#crashIn;
    if (crash === undefined) return;
    this.#crashIn = crash.action === 0 ? undefined : { ...crash, action: crash.action - 1 };
    if (crash.action === 0) this.#crash(crash.who);
  }

  #crash(who: Extract<Step, { kind: 'crash_at' }>['who']): void {
    if (who === 'dedicated') killDedicated(this.world);
    else if (who !== 'orchestrator') this.world.processors.get(who)?.kill();
    if (who !== 'orchestrator') return;
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
      case 'crash_at':
        this.#crashIn = step;
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
      this.#set.set(room, { atMs: world.time.monoMs });
      if (heard && taken.has(room)) this.fps.set(room, fps);
      else this.fps.delete(room);
    }
  }

  #homeOf(room: number): string {
    return (this.world.homes['processor-a'] ?? []).includes(room) ? 'processor-a' : 'processor-b';
  }

  #break(step: Step): void {
    if (step.kind === 'kill_orchestrator' || step.kind === 'power_cut') this.#orchestratorDies();
    if (step.kind === 'power_cut') this.#lastSecondsAreLost();
    trouble(this.world, step);
    if (step.kind !== 'broker_crash') return;
    this.#lastSecondsAreLost();
    if (step.forgets !== false) this.#brokerForgets();
  }

  /** What a broker had not yet written down when it died is gone, where the orchestrator dies too. */
  #lastSecondsAreLost(): void {
    const { monoMs } = this.world.time;
    for (const [room, { atMs }] of this.#set) if (monoMs - atMs < 5000) this.fps.delete(room);
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
    heal(world);
    for (let round = 0; round < 6; round += 1) {
      this.#pass(15_000);
      for (const incident of world.incidents()) {
        if (incident.state !== 'closed') world.tell('acknowledge', { incident_id: incident.incident_id });
      }
    }
  }
}
