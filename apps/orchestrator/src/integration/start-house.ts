import { join } from 'node:path';
import { createTopics, type PolicyInput } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import {
  connectBus,
  eventually,
  repoRoot,
  spawnTypeScript,
  startBroker,
  type TempFolder,
  type TypeScriptProcess,
  tempFolder,
} from '@vigilia/testing';
import { endRegistered } from '../runtime/end-registered.ts';
import { houseEnvironment, prepareFiles } from './house-files.ts';
import { type Watched, watchHouse } from './watch-house.ts';

export interface HouseOptions {
  readonly homes?: Readonly<Record<string, readonly number[]>>;
  readonly policy?: Omit<PolicyInput, 'rooms'>;
  /** An MQTT URL to use instead of a broker of its own. */
  readonly mqttUrl?: string;
  /** Settings of a service beyond those of all: `orchestrator`, or the name of a home. */
  readonly environmentOf?: (service: string) => NodeJS.ProcessEnv;
  /** Arguments for the orchestrator instead of the process runtime's. */
  readonly runtimeArgs?: readonly string[];
}

/** A site under test: what is seen of it, and what can be done to it. */
export interface TestHouse extends Watched {
  readonly bus: Bus;
  readonly mqttUrl: string;
  readonly folder: TempFolder;
  readonly homes: ReadonlyMap<string, TypeScriptProcess>;
  readonly topics: ReturnType<typeof createTopics>;
  orchestrator(): TypeScriptProcess;
  startHome(name: string): void;
  startOrchestrator(): void;
  tell(command: string, params: Record<string, unknown>): Promise<void>;
  stop(): Promise<void>;
}

const topics = createTopics();
export const entryOf = (app: string): string => join(repoRoot, 'apps', app, 'src', 'main.ts');

/** Real processors and a real orchestrator (TypeScript sources as processes), real ffmpeg and ONNX, an embedded broker. */
export async function startHouse(options: HouseOptions = {}): Promise<TestHouse> {
  const rooms = options.homes ?? { 'processor-a': [0, 1, 2, 3], 'processor-b': [4, 5, 6, 7] };
  const folder = await tempFolder('house');
  const broker = options.mqttUrl === undefined ? await startBroker() : undefined;
  const mqttUrl = options.mqttUrl ?? broker?.url ?? '';
  await prepareFiles(folder, rooms, options.policy);
  const bus = await connectBus(mqttUrl, undefined, { leaderTopic: topics.leaderPresence });
  const watched = await watchHouse(bus);
  const common = houseEnvironment(folder, mqttUrl);
  const environmentOf = (service: string) => ({ ...common, ...options.environmentOf?.(service) });
  const processes = new Processes(folder, environmentOf, rooms, options.runtimeArgs);
  for (const name of Object.keys(rooms)) {
    processes.startHome(name);
  }
  processes.startOrchestrator();
  return {
    ...watched,
    bus,
    mqttUrl,
    folder,
    topics,
    homes: processes.homes,
    startHome: (name) => processes.startHome(name),
    startOrchestrator: () => processes.startOrchestrator(),
    orchestrator: () => processes.orchestrator(),
    tell: (command, params) => bus.publish(topics.orchestratorCommands, { command, params }),
    stop: async () => {
      await processes.stop();
      await bus.stop();
      await broker?.stop();
      await folder.remove();
    },
  };
}

class Processes {
  readonly homes = new Map<string, TypeScriptProcess>();
  readonly #all: TypeScriptProcess[] = [];
  readonly #folder: TempFolder;
  readonly #environmentOf: (service: string) => NodeJS.ProcessEnv;
  readonly #rooms: Readonly<Record<string, readonly number[]>>;
  readonly #runtimeArgs: readonly string[];
  #orchestrator: TypeScriptProcess | undefined;

  constructor(
    folder: TempFolder,
    environmentOf: (service: string) => NodeJS.ProcessEnv,
    rooms: Readonly<Record<string, readonly number[]>>,
    runtimeArgs?: readonly string[],
  ) {
    this.#folder = folder;
    this.#environmentOf = environmentOf;
    this.#rooms = rooms;
    this.#runtimeArgs = runtimeArgs ?? ['--data-dir', folder.file('data'), '--processor-entry', entryOf('processor')];
  }

  orchestrator(): TypeScriptProcess {
    if (this.#orchestrator === undefined) throw new Error('no orchestrator was started');
    return this.#orchestrator;
  }

  startHome(name: string): void {
    const streams = (this.#rooms[name] ?? []).join(',');
    this.homes.set(
      name,
      this.#launch('processor', name, ['--instance-id', name, '--streams', streams, '--max-fps', '0.5']),
    );
  }

  startOrchestrator(): void {
    this.#orchestrator = this.#launch('orchestrator', 'orchestrator', [
      '--policy',
      this.#folder.file('policy.yaml'),
      '--health-port',
      '0',
      ...this.#runtimeArgs,
    ]);
  }

  async stop(): Promise<void> {
    for (const { child } of this.#all) {
      child.kill('SIGTERM');
    }
    await Promise.all(this.#all.map(({ ended }) => ended));
    await endRegistered(this.#folder.file('data'));
  }

  #launch(app: string, service: string, args: readonly string[]): TypeScriptProcess {
    const started = spawnTypeScript(entryOf(app), args, { env: this.#environmentOf(service) });
    this.#all.push(started);
    return started;
  }
}

/** Waits until every room is watched at home and the orchestrator acts. */
export async function ready(house: TestHouse, rooms: readonly number[]): Promise<void> {
  await eventually(
    () => {
      for (const room of rooms) {
        if (!house.sightings.some(({ sourceId }) => sourceId === room))
          throw new Error(`room ${room} was not seen yet; ${house.orchestrator().stdout().slice(-2000)}`);
      }
      if (!house.acting()) throw new Error(`no orchestrator acts; ${house.orchestrator().stdout().slice(-2000)}`);
    },
    { timeoutMs: 60_000, message: 'every room watched, and an orchestrator' },
  );
}
