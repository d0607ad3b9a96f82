import { link } from 'node:fs/promises';
import { type Ack, createTopics, type Status, withoutUndefined } from '@vigilia/protocol';
import { type Bus, type ExitRequest, parseSettingsWithSources, ServiceScope } from '@vigilia/service';
import {
  type Collector,
  captureLogger,
  collect,
  connectBus,
  type LogLine,
  makeClip,
  makeModel,
  startBroker,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { startProcessor as startProcessorIn } from '../main.ts';
import { defaultLimits, type ReconcileLimits } from '../reconcile/limits.ts';
import { settingsSpec } from '../settings.ts';

export const topics = createTopics();

/** Models and rooms on disk: what every processor of a test file shares. */
export interface TestSite {
  readonly folder: TempFolder;
  readonly modelsDir: string;
  readonly mediaDir: string;
  /** Arguments that every processor on this site takes. */
  readonly flags: readonly string[];
  remove(): Promise<void>;
}

/**
 * Rooms 0 to 9 are the same moving clip with a keyframe a second; models `small`, `same` (320 px), `large` (640 px), and some that
 * cannot be used.
 */
export async function makeSite(): Promise<TestSite> {
  const folder = await tempFolder('site');
  const file = (name: string): string => folder.file(name);
  await Promise.all([
    makeModel({ file: file('small.onnx') }),
    makeModel({ file: file('same.onnx') }),
    makeModel({ file: file('large.onnx'), size: 640 }),
    makeModel({ file: file('nan.onnx'), behaviour: 'nan' }),
    makeModel({ file: file('shapeless.onnx'), behaviour: 'bad_shape' }),
    makeModel({ file: file('truncated.onnx'), behaviour: 'truncated' }),
    makeClip({ file: file('clip.mp4'), seconds: 20, fps: 10, gop: 5, size: '320x180' }),
  ]);
  const flags = ['--models-dir', folder.path, '--media-dir', folder.path, '--model', 'small', '--model-threads', '1'];
  const cameras = ['--stream-server', `file://${folder.path}/{source_id}.mp4`, '--clip-clock', String(Date.now())];
  for (let room = 0; room < 10; room++) {
    await link(file('clip.mp4'), file(`${room}.mp4`));
  }
  return {
    folder,
    modelsDir: folder.path,
    mediaDir: folder.path,
    flags: [...flags, ...cameras, '--frozen-after', '0'],
    remove: () => folder.remove(),
  };
}

export interface HouseOptions {
  readonly site: TestSite;
  readonly flags?: readonly string[];
  /** A broker that runs already; otherwise an embedded one is started. */
  readonly url?: string;
  readonly limits?: Partial<ReconcileLimits>;
  /** Whether it obeys commands; true by default. */
  readonly control?: boolean;
  /** `info` by default. */
  readonly logLevel?: string;
}

/** A whole processor in this process, a broker, and a client that sends commands. */
export interface ProcessorHouse {
  readonly url: string;
  readonly processor: ServiceScope;
  readonly client: Bus;
  readonly lines: readonly LogLine[];
  /** Exit codes the processor asked for. */
  readonly exits: readonly number[];
  readonly statuses: Collector;
  readonly detections: Collector;
  /** Publishes on the command topic; text is sent as it is. */
  publish(payload: unknown): void;
  /** Sends a command and waits for its final answer. */
  send(command: string, params?: object, more?: object): Promise<Ack>;
  /** From now on: the status names on the shared topic, whenever it is asked. */
  mark(): () => string[];
  lastStatus(): Status;
  stop(): Promise<void>;
}

export async function startHouse(options: HouseOptions): Promise<ProcessorHouse> {
  const broker = options.url === undefined ? await startBroker() : undefined;
  const url = options.url ?? broker?.url ?? '';
  const client = await connectBus(url);
  const statuses = await collect(client, topics.statusShared);
  const detections = await collect(client, topics.detectionsAny);
  const acks = await collect(client, topics.ackShared);
  const { processor, lines, exits } = await startProcessor({ ...options, url }).catch(async (error: unknown) => {
    await client.stop();
    await broker?.stop();
    throw error;
  });
  await statuses.next(({ body }) => body?.status === 'running', 30_000);
  const publish = (payload: unknown): void => void client.publish(topics.commands, payload);
  const send = async (command: string, params?: object, more: object = {}): Promise<Ack> => {
    const commandId = `test-${++commandNumber}`;
    publish(withoutUndefined({ command, command_id: commandId, params, ...more }));
    const final = await acks.next(
      ({ body }) => body?.command_id === commandId && body.ack_status !== 'received',
      60_000,
    );
    return final.body as Ack;
  };
  return {
    url,
    processor,
    client,
    lines,
    exits,
    statuses,
    detections,
    publish,
    send,
    mark: () => {
      const from = statuses.messages.length;
      return () => statuses.messages.slice(from).map(({ body }) => String(body?.status));
    },
    lastStatus: () => statuses.messages.at(-1)?.body as unknown as Status,
    stop: async () => {
      await processor.stop();
      await client.stop();
      await broker?.stop();
    },
  };
}

let commandNumber = 0;

/** Builds and starts a processor as `main` does, without the process around it. */
export async function startProcessor(
  options: HouseOptions & { url: string },
): Promise<{ processor: ServiceScope; lines: LogLine[]; exits: number[] }> {
  const control = options.control === false ? [] : ['--enable-control'];
  const flags = [...options.site.flags, '--mqtt-url', options.url, ...control, ...(options.flags ?? [])];
  const { values: settings, sources } = parseSettingsWithSources(settingsSpec, flags, {});
  const { logger, lines } = captureLogger(options.logLevel ?? 'info');
  const exits: number[] = [];
  const scope = new ServiceScope({ name: 'processor', settings, env: process.env, logger });
  scope.signal.addEventListener('abort', () => exits.push((scope.signal.reason as ExitRequest).exitCode));
  try {
    await startProcessorIn({ scope, sources, limits: { ...defaultLimits, ...options.limits } });
  } catch (error) {
    await scope.stop();
    throw error;
  }
  return { processor: scope, lines, exits };
}
