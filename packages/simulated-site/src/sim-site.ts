import { createTopics, type Incident } from '@vigilia/protocol';
import { Random } from './random.ts';
import { SimBroker, unsavedMs } from './sim-broker.ts';
import { SimHouse } from './sim-house.ts';
import { SimProcessor } from './sim-processor.ts';
import type { OperatorAct, SimProcessorOptions } from './sim-processor-options.ts';
import { SimRuntime, type SimSpec } from './sim-runtime.ts';
import { Timeline } from './timeline.ts';

export interface SimSiteOptions {
  readonly seed?: number;
  /** Home → its rooms. */
  readonly homes?: Readonly<Record<string, readonly number[]>>;
  /** How long a processor takes to start, ms: at least, at most. */
  readonly startsWithinMs?: readonly [number, number];
  /** Containers: what dies is started again, and homes keep their configuration. */
  readonly containers?: boolean;
  /** CPUs of the host; without it the engine does not report them. */
  readonly cpus?: number | undefined;
}

const topics = createTopics();

/** Home → its rooms, where nothing else is asked for. */
export const simulatedHomes: Readonly<Record<string, readonly number[]>> = {
  'processor-a': [0, 1, 2, 3],
  'processor-b': [4, 5, 6, 7],
};

/** A site on one simulated clock: broker, processors, engine and residents. An orchestrator connects as a client. */
export class SimSite {
  readonly time = new Timeline();
  readonly random: Random;
  readonly broker: SimBroker;
  readonly house: SimHouse;
  readonly runtime: SimRuntime;
  readonly homes: Readonly<Record<string, readonly number[]>>;
  /** Living and dead, the newest life of each name. */
  readonly processors = new Map<string, SimProcessor>();
  readonly events: { atMs: number; type: string; body: Record<string, unknown> }[] = [];
  /** What an operator changed, as soon as a processor has taken it. */
  onOperator: (act: OperatorAct) => void = () => {};
  /** Models that a dedicated processor finds; without `precise` it ends at once. */
  dedicatedModels: readonly string[] = ['light', 'precise'];
  readonly #startsWithinMs: readonly [number, number];
  /** Homes keep their configuration. */
  readonly containers: boolean;

  constructor(options: SimSiteOptions = {}) {
    this.#startsWithinMs = options.startsWithinMs ?? [200, 1200];
    this.containers = options.containers ?? false;
    this.random = new Random(options.seed ?? 1);
    this.homes = options.homes ?? simulatedHomes;
    this.house = new SimHouse(Object.values(this.homes).flat());
    this.broker = new SimBroker({ time: this.time, random: this.random });
    this.runtime = new SimRuntime({ time: this.time, random: this.random, launch: (spec) => this.#launch(spec) });
    this.runtime.restarts = this.containers;
    this.runtime.capacity = options.cpus === undefined ? undefined : { cpus: options.cpus, memoryMb: 16_000 };
    this.#listen();
  }

  /** A home starts (again) with the rooms of its flags, or as a container with those of its last life. */
  startHome(home: string): SimProcessor {
    const flags = (this.homes[home] ?? []).map((sourceId) => ({ sourceId, maxFps: 0.1, modelId: 'light' }));
    const kept = this.containers ? this.processors.get(home)?.kept : undefined;
    return this.#startProcessor({ instanceId: home, role: 'home', streams: flags, models: ['light', 'precise'], kept });
  }

  /**
   * Everything ends in the same moment, what the broker had not written down is lost, and the parts come back one by one, in
   * no order: the engine with what it starts again, the broker, homes.
   */
  powerCut(): void {
    const { random, time, broker, runtime } = this;
    broker.crash(false, random.between(0, unsavedMs));
    runtime.works = false;
    for (const one of this.processors.values()) {
      one.kill();
    }
    time.after(random.between(300, 8000), () => {
      runtime.works = true;
    });
    time.after(random.between(300, 6000), () => broker.restart());
    for (const home of Object.keys(this.homes)) {
      time.after(random.between(300, 8000), () => this.processors.get(home)?.alive === true || this.startHome(home));
    }
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

  #launch(spec: SimSpec): { stop(): void; alive(): boolean } {
    const { incidentId, maxFps, modelId = 'light' } = spec;
    const processor = this.#startProcessor({
      instanceId: spec.instanceId,
      role: 'dedicated',
      incidentId,
      streams: spec.sourceIds.map((sourceId) => ({ sourceId, maxFps, modelId })),
      models: this.dedicatedModels,
    });
    if (!this.dedicatedModels.includes(modelId)) {
      this.time.after(300, () => processor.kill());
    }
    return { stop: () => processor.stop(), alive: () => processor.alive };
  }

  #startProcessor(
    options: Pick<SimProcessorOptions, 'instanceId' | 'role' | 'incidentId' | 'streams' | 'models' | 'kept'>,
  ): SimProcessor {
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
