import type { Action } from '../plan/action.ts';
import { checkRest, Invariants, Violation } from './invariants.ts';
import type { Scenario, Step } from './scenario.ts';
import { Crash } from './sim-orchestrator.ts';
import { SimWorld } from './sim-world.ts';
import { heal, homes, killDedicated, trouble } from './trouble.ts';
import { Wishes } from './wishes.ts';

/** Long enough after the last trouble for everything to have gone back: closing, degraded retries, offline grace. */
const restMs = 240_000;
const quietMs = 60_000;

/** Plays a scenario, then heals the world, and checks what must hold throughout and at the end. */
export class Play {
  readonly world: SimWorld;
  readonly invariants: Invariants;
  readonly wishes: Wishes;
  readonly write: (atMs: number, line: string) => void;
  onAction: (atMs: number, action: Action) => void = () => {};
  #crashIn: Extract<Step, { kind: 'crash_at' }> | undefined;
  readonly #scenario: Scenario;

  /** @param write called with the time and a line for each step, for a replay */
  constructor(scenario: Scenario, write: (atMs: number, line: string) => void = () => {}) {
    this.#scenario = scenario;
    this.write = write;
    this.world = new SimWorld({
      seed: scenario.seed,
      policy: { limits: { max_dedicated: scenario.maxDedicated }, standby: scenario.standby ?? 0 },
      containers: scenario.containers === true,
      cpus: scenario.cpus ?? undefined,
      startsWithinMs: scenario.slow === true ? [3000, 25_000] : [200, 1200],
      before: (action) => this.#before(action),
    });
    this.invariants = new Invariants(this.world);
    this.wishes = new Wishes(this.world);
  }

  /** @throws Violation */
  run(): this {
    this.world.start();
    for (const { afterMs, step } of this.#scenario.steps) {
      this.#pass(afterMs);
      this.write(this.world.time.monoMs, JSON.stringify(step));
      this.#do(step);
    }
    this.#pass(1000);
    this.write(this.world.time.monoMs, 'healing');
    this.#heal();
    this.#pass(restMs);
    checkRest(this.world, this.wishes, this.invariants.removed);
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
      this.wishes.sample();
    }
  }

  #before(action: Action): void {
    this.onAction(this.world.time.monoMs, action);
    this.invariants.action(action);
    const crash = this.#crashIn;
    if (crash === undefined) return;
    this.#crashIn = crash.action === 0 ? undefined : { ...crash, action: crash.action - 1 };
    if (crash.action === 0) {
      this.#crash(crash.who);
    }
  }

  #crash(who: Extract<Step, { kind: 'crash_at' }>['who']): void {
    if (who === 'dedicated') {
      killDedicated(this.world);
    } else if (who !== 'orchestrator') {
      this.#homeDies(who);
    }
    if (who === 'orchestrator') throw new Crash();
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
      case 'release':
      case 'drill':
      case 'undo_verdict':
        world.tell(step.kind, { source_id: step.room });
        break;
      case 'resolve':
        world.tell(step.kind, { source_id: step.room, confirmed: true });
        break;
      case 'camera':
        world.house.setCamera(step.room, step.works);
        break;
      case 'operator_fps':
      case 'operator_fps_all':
      case 'operator_model':
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
        world.operate('set_fps', { max_fps: step.fps, source_id: step.room }, this.#homeOf(step.room));
        break;
      case 'operator_fps_all':
        world.operate('set_fps', { max_fps: step.fps }, homes[step.home]);
        break;
      case 'operator_model':
        world.operate('change_model', { model_id: step.model, source_id: step.room }, this.#homeOf(step.room));
        break;
      case 'operator_remove':
        this.invariants.removed.add(step.room);
        this.wishes.remove(this.#homeOf(step.room), step.room);
        break;
      case 'operator_add':
        this.invariants.removed.add(step.room);
        this.wishes.add(step.room);
        break;
    }
  }

  #homeDies(home: string): void {
    this.world.processors.get(home)?.kill();
    this.wishes.homeDies();
    this.wishes.sample();
  }

  #homeOf(room: number): string {
    return (this.world.homes['processor-a'] ?? []).includes(room) ? 'processor-a' : 'processor-b';
  }

  #break(step: Step): void {
    const { wishes } = this;
    if (step.kind === 'kill_home' || step.kind === 'start_home' || step.kind === 'power_cut') {
      wishes.homeDies();
    }
    if (step.kind === 'broker_crash' || step.kind === 'power_cut') {
      wishes.brokerDies();
    }
    trouble(this.world, step);
    wishes.sample();
  }

  /** Everything that was broken is mended, every processor is up, every incident is acknowledged. */
  #heal(): void {
    const { world } = this;
    this.#crashIn = undefined;
    heal(world);
    for (let round = 0; round < 6; round += 1) {
      this.#pass(15_000);
      for (const incident of world.incidents()) {
        if (incident.state !== 'closed') {
          world.tell('acknowledge', { incident_id: incident.incident_id });
        }
      }
    }
  }
}
