import { createTopics, type Incident, type Policy, type PolicyInput, policySchema } from '@vigilia/protocol';
import { Random } from '@vigilia/simulated-site';
import type { Action, DedicatedSpec } from '../plan/action.ts';
import { SimBroker, unsavedMs } from './sim-broker.ts';
import { SimHouse } from './sim-house.ts';
import { Crash, SimOrchestrator } from './sim-orchestrator.ts';
import { SimProcessor } from './sim-processor.ts';
import type { OperatorAct } from './sim-processor-options.ts';
import type { SimState } from './sim-rooms.ts';
import { SimRuntime } from './sim-runtime.ts';
import { Timeline } from './timeline.ts';

export interface SimWorldOptions {
  readonly seed?: number;
  /** Home → its rooms. */
  readonly homes?: Readonly<Record<string, readonly number[]>>;
  readonly policy?: Omit<PolicyInput, 'rooms'>;
  readonly before?: (action: Action) => void;
  /** How long a processor takes to start, ms: at least, at most. */
  readonly startsWithinMs?: readonly [number, number];
  /** Containers: what dies is started again, and homes keep their configuration. */
  readonly containers?: boolean;
  /** CPUs of the host; without it the engine does not report them. */
  readonly cpus?: number;
}

const topics = createTopics();
const eightRooms = { 'processor-a': [0, 1, 2, 3], 'processor-b': [4, 5, 6, 7] };

/** A nursing home in a box: broker, processors, engine, orchestrator and residents on one simulated clock. */
export class SimWorld {
  /** What `before` throws to kill the orchestrator. */
  readonly Crash = Crash;
  readonly time = new Timeline();
  readonly random: Random;
  readonly broker: SimBroker;
  readonly house: SimHouse;
  readonly runtime: SimRuntime;
  readonly policy: Policy;
  readonly homes: Readonly<Record<string, readonly number[]>>;
  /** Living and dead, the newest life of each name. */
  readonly processors = new Map<string, SimProcessor>();
  readonly events: { atMs: number; type: string; body: Record<string, unknown> }[] = [];
  orchestrator: SimOrchestrator;
  /** What an operator changed, as soon as a processor has taken it. */
  onOperator: (act: OperatorAct) => void = () => {};
  /** Models that a dedicated processor finds; without `precise` it ends at once. */
  dedicatedModels: readonly string[] = ['light', 'precise'];
  readonly #before: ((action: Action) => void) | undefined;
  readonly #startsWithinMs: readonly [number, number];
  /** Homes keep their configuration. */
  readonly containers: boolean;

  constructor(options: SimWorldOptions = {}) {
    this.#startsWithinMs = options.startsWithinMs ?? [200, 1200];
    this.containers = options.containers ?? false;
    this.random = new Random(options.seed ?? 1);
    this.homes = options.homes ?? eightRooms;
    this.#before = options.before;
    const rooms = Object.entries(this.homes).flatMap(([home, ids]) =>
      ids.map((id) => [String(id), { home, zones: [] }] as const),
    );
    this.policy = policySchema.parse({
      quiet: { model_id: 'light', max_fps: 0.1 },
      incident: { model_id: 'precise', max_fps: 1 },
      ...options.policy,
      rooms: Object.fromEntries(rooms),
    });
    this.house = new SimHouse(Object.values(this.homes).flat());
    this.broker = new SimBroker({ time: this.time, random: this.random });
    this.runtime = new SimRuntime({ time: this.time, random: this.random, launch: (spec) => this.#launch(spec) });
    this.runtime.restarts = this.containers;
    this.runtime.capacity = options.cpus === undefined ? undefined : { cpus: options.cpus, memoryMb: 16_000 };
    this.orchestrator = this.#newOrchestrator();
    this.#listen();
  }

  /** Everything starts; runs until the view is whole and the rooms are watched. */
  start(): this {
    for (const home of Object.keys(this.homes)) this.startHome(home);
    this.orchestrator.start();
    this.time.run(15_000);
    return this;
  }

  /** A home starts (again) with the rooms of its flags, or as a container with those of its last life. */
  startHome(home: string): SimProcessor {
    const flags = (this.homes[home] ?? []).map((sourceId) => ({ sourceId, maxFps: 0.1, modelId: 'light' }));
    const kept = this.containers ? this.processors.get(home)?.kept : undefined;
    return this.#startProcessor({ instanceId: home, role: 'home', streams: flags, models: ['light', 'precise'], kept });
  }

  /**
   * Everything ends in the same moment, what the broker had not written down is lost, and the parts come back one by one, in
   * no order: the engine with what it starts again, the broker, homes, the orchestrator.
   */
  powerCut(): void {
    const { random, time, broker, runtime } = this;
    broker.crash(false, random.between(0, unsavedMs));
    runtime.works = false;
    for (const one of this.processors.values()) one.kill();
    this.orchestrator.kill();
    time.after(random.between(300, 8000), () => {
      runtime.works = true;
    });
    time.after(random.between(300, 6000), () => broker.restart());
    time.after(random.between(300, 8000), () => this.orchestrator.alive || this.restartOrchestrator());
    for (const home of Object.keys(this.homes)) {
      time.after(random.between(300, 8000), () => this.processors.get(home)?.alive === true || this.startHome(home));
    }
  }

  restartOrchestrator(): void {
    this.orchestrator.kill();
    this.orchestrator = this.#newOrchestrator();
    this.orchestrator.start();
  }

  /** A person's command to the orchestrator. */
  tell(command: string, params: Record<string, unknown>): void {
    const command_id = `person-${this.random.next()}`;
    this.broker.publish(topics.orchestratorCommands, { command, params, command_id });
  }

  /** A person's command to processors, as typed by hand. */
  operate(command: string, params: Record<string, unknown>, target?: string): void {
    const targets = target === undefined ? {} : { target_instances: [target] };
    this.broker.publish(topics.commands, { command, params, ...targets });
  }

  run(ms: number, each?: () => void): this {
    this.time.run(ms, each);
    return this;
  }

  /** Living processors that have the room. */
  watchers(sourceId: number): string[] {
    return [...this.processors.values()]
      .filter((one) => one.alive && one.streams.has(sourceId))
      .map((one) => one.id)
      .sort();
  }

  /** A home lives to which a room could be given. */
  someoneCould(): boolean {
    return [...this.processors.values()].some((one) => one.role === 'home' && one.obeys);
  }

  incidents(): Incident[] {
    return [...this.broker.retained]
      .filter(([topic]) => topic.startsWith(topics.incidentAny.slice(0, -1)))
      .map(([, body]) => body as Incident)
      .sort((a, b) => a.opened_at.localeCompare(b.opened_at));
  }

  dedicated(): string[] {
    return this.runtime.instances.map(({ spec }) => spec.instanceId).sort();
  }

  #newOrchestrator(): SimOrchestrator {
    const { time, broker, runtime, policy } = this;
    return new SimOrchestrator({ time, broker, runtime, policy, ...(this.#before ? { before: this.#before } : {}) });
  }

  #launch(spec: DedicatedSpec): { stop(): void; alive(): boolean } {
    const modelId = spec.modelId ?? 'light';
    const processor = this.#startProcessor({
      instanceId: spec.instanceId,
      role: 'dedicated',
      ...(spec.incidentId === undefined ? {} : { incidentId: spec.incidentId }),
      streams: spec.sourceIds.map((sourceId) => ({ sourceId, maxFps: spec.maxFps, modelId })),
      models: this.dedicatedModels,
    });
    if (!this.dedicatedModels.includes(modelId)) this.time.after(300, () => processor.kill());
    return { stop: () => processor.stop(), alive: () => processor.alive };
  }

  #startProcessor(options: {
    instanceId: string;
    role: 'home' | 'dedicated';
    incidentId?: string;
    streams: readonly { sourceId: number; maxFps: number; modelId: string }[];
    models: readonly string[];
    kept?: SimState | undefined;
  }): SimProcessor {
    const { time, random, broker, house } = this;
    this.processors.get(options.instanceId)?.kill();
    const startTakesMs = random.between(...this.#startsWithinMs);
    const onKilled = (): void => this.runtime.died(options.instanceId);
    const onOperator = (act: OperatorAct): void => this.onOperator(act);
    const parts = { time, random, broker, house, startTakesMs, onKilled, onOperator };
    const processor = new SimProcessor({ ...options, ...parts });
    this.processors.set(options.instanceId, processor);
    time.after(random.between(100, 1500), () => processor.alive && processor.start());
    return processor;
  }

  #listen(): void {
    const prefix = topics.eventAny.slice(0, -1);
    this.broker.connect({
      id: 'listener',
      persistent: true,
      wants: (topic) => topic.startsWith(prefix),
      receive: (message, done) => {
        done();
        const type = message.topic.slice(prefix.length);
        this.events.push({ atMs: this.time.monoMs, type, body: message.body as Record<string, unknown> });
      },
      connected: () => {},
      disconnected: () => {},
    });
  }
}
