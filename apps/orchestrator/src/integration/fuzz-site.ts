import { mkdir, readdir, readFile } from 'node:fs/promises';
import {
  channels,
  decodeMessage,
  type KnownChannel,
  placesOf,
  publishedAtMs,
  type Status,
  topicOf,
} from '@vigilia/protocol';
import { ChannelBus, CommandClient, systemClock } from '@vigilia/service';
import {
  askHealth,
  connectBus,
  connectQos2Publisher,
  eventually,
  shippedQueues,
  silentLogger,
  spawnTypeScript,
  startMosquitto,
  type TypeScriptProcess,
  tempFolder,
} from '@vigilia/testing';
import { endRegistered } from '../runtime/end-registered.ts';
import { type FuzzedSite, fuzzTraffic, publishAll } from './fuzz-traffic.ts';
import { houseEnvironment, prepareFiles } from './house-files.ts';
import { entryOf } from './start-house.ts';

const site: FuzzedSite = { processor: 'processor-a', rooms: [0, 1] };
const intervalMs = 2000;
/** Added to 1.5 intervals, for a machine that runs other tests beside this one. */
const slackMs = 2000;

type Services = Readonly<Record<string, TypeScriptProcess>>;

/** What was measured while a site was fuzzed. */
export interface FuzzOutcome {
  readonly messages: number;
  readonly perSecond: number;
  readonly largestGapMs: Readonly<Record<number, number>>;
}

/**
 * Starts a site of real services on a real broker, sends it `count` fuzzed messages, and expects that it works as before.
 * @returns what was measured
 */
export async function fuzzSite(count: number, seed: number): Promise<FuzzOutcome> {
  const folder = await tempFolder('fuzzed-site');
  const broker = await startMosquitto({ config: shippedQueues() });
  await prepareFiles(folder, { [site.processor]: site.rooms }, undefined);
  await mkdir(folder.file('page'));
  const env = houseEnvironment(folder, broker.url);
  const launch = (app: string, args: readonly string[]): TypeScriptProcess =>
    spawnTypeScript(entryOf(app), [...args, '--health-port', '0'], { env });
  const services: Services = {
    processor: launch('processor', ['--instance-id', site.processor, '--streams', '0,1', '--max-fps', '0.5']),
    orchestrator: launch('orchestrator', [
      ...['--policy', folder.file('policy.yaml'), '--data-dir', folder.file('data')],
      ...['--processor-entry', entryOf('processor')],
    ]),
    sink: launch('event-sink', ['--spool-dir', folder.file('spool'), '--ndjson-dir', folder.file('events')]),
    console: launch('console', ['--no-auth', '--port', '0', '--page-dir', folder.file('page')]),
    notifier: launch('notifier', ['--home-assistant', '--state-dir', folder.file('notifier')]),
  };
  const watcher = await connectBus(broker.url);
  const sender = await connectBus(broker.url);
  const qos2 = await connectQos2Publisher(broker.url);
  try {
    const bus = new ChannelBus({ bus: watcher, roots, logger: silentLogger(), clock: systemClock });
    const seen = await watchDetections(bus);
    await allReady(services);
    await eventually(() => expect([...seen.keys()].sort()).toEqual(site.rooms), { timeoutMs: 90_000 });
    const startedMs = Date.now();
    const messages = await publishAll(sender, qos2, fuzzTraffic(site, count, seed));
    const tookMs = Date.now() - startedMs;
    const client = new CommandClient({ bus, clock: systemClock });
    await answers(client);
    const endedMs = Date.now();
    await monitors(bus, client, seen, endedMs);
    await eventually(async () => expect(await invalidRetained(broker.url)).toEqual([]), { timeoutMs: 120_000 });
    await hearsFall(bus, folder.file('events'));
    await allReady(services);
    const largestGapMs = gaps(seen, startedMs, endedMs);
    for (const room of site.rooms) {
      expect(largestGapMs[room]).toBeLessThanOrEqual(1.5 * intervalMs + slackMs);
    }
    return { messages, perSecond: Math.round((messages / tookMs) * 1000), largestGapMs };
  } finally {
    for (const { child } of Object.values(services)) {
      child.kill('SIGTERM');
    }
    await Promise.all(Object.values(services).map(({ ended }) => ended));
    await endRegistered(folder.file('data'));
    await Promise.all([watcher.stop(), sender.stop(), qos2.stop()]);
    await broker.stop();
    await folder.remove();
  }
}

const roots = { prefix: 'nvr', discovery: 'homeassistant' };

/** When each room's detections were published by the site's processor, epoch ms. */
async function watchDetections(bus: ChannelBus): Promise<ReadonlyMap<number, readonly number[]>> {
  const seen = new Map<number, number[]>();
  await bus.subscribe(channels.detections, ({ value }) => {
    if (value?.instance_id !== site.processor) return;
    const times = seen.get(value.source_id) ?? [];
    times.push(publishedAtMs(value));
    seen.set(value.source_id, times);
  });
  return seen;
}

async function allReady(services: Services): Promise<void> {
  for (const [name, service] of Object.entries(services)) {
    const ready = async () => {
      expect([name, service.child.exitCode, service.child.signalCode]).toEqual([name, null, null]);
      expect(await askHealth(service.stdout())).toMatchObject({ healthz: 200, readyz: 200 });
    };
    await eventually(ready, { timeoutMs: 120_000, message: `${name}: ${service.stdout().slice(-1500)}` });
  }
}

/** Both who take commands answer; the broker may have dropped a question while its queues were full. */
async function answers(client: CommandClient): Promise<void> {
  const timeoutMs = 10_000;
  const answered = async (request: Parameters<CommandClient['send']>[0]) => {
    const { ended, answers } = await client.send(request);
    expect([ended, answers[0]?.ack_status]).toEqual(['answered', 'completed']);
  };
  const ping = { command: 'ping', params: {} } as const;
  const status = { command: 'status', params: {} } as const;
  const expected = [site.processor];
  await eventually(() => answered({ to: 'processors', command: ping, targets: expected, expected, timeoutMs }), {
    timeoutMs: 120_000,
    message: 'the answer to a ping',
  });
  await eventually(() => answered({ to: 'orchestrator', command: status, timeoutMs }), {
    timeoutMs: 120_000,
    message: 'the answer of the orchestrator',
  });
}

/** The processor monitors its rooms and shows it. */
async function monitors(
  bus: ChannelBus,
  client: CommandClient,
  seen: ReadonlyMap<number, readonly number[]>,
  afterMs: number,
): Promise<void> {
  let shown: Status | undefined;
  const places = { instance_id: site.processor };
  const take = ({ value }: { readonly value: Status | undefined }): void => {
    shown = value ?? shown;
  };
  await bus.subscribe(channels.status, take, { places });
  const targets = [site.processor];
  const status = { command: 'status', params: {} } as const;
  await client.send({ to: 'processors', command: status, targets, expected: targets, timeoutMs: 10_000 });
  await eventually(() => {
    expect(shown).toMatchObject({ status: 'running' });
    expect(shown?.streams?.map(({ source_id, max_fps }) => [source_id, max_fps])).toEqual([
      [0, 0.5],
      [1, 0.5],
    ]);
    for (const room of site.rooms) {
      expect(seen.get(room)?.at(-1)).toBeGreaterThan(afterMs);
    }
  });
}

/**
 * Topics of the site's own services whose retained message is not valid, as a client that subscribes now receives it. What was
 * retained under invented names is not the site's to clear.
 */
async function invalidRetained(url: string): Promise<string[]> {
  const late = await connectBus(url);
  const invalid: string[] = [];
  const end = 'fuzz/end';
  try {
    const received = new Promise<void>((resolve) => {
      void late.subscribe('#', ({ topic, payload, retain }) => {
        if (topic === end) {
          resolve();
        } else if (retain && isOwn(topic) && !isValid(topic, payload)) {
          invalid.push(topic);
        }
      });
    });
    // the broker sends what it retained before what is published now
    await late.publish(end, 1);
    await received;
  } finally {
    await late.stop();
  }
  return invalid;
}

/**
 * Written by the site's services again and again. What they write only when it changes (desired rooms, policy, availability for
 * Home Assistant) stays as a stranger left it; the broker's roles let no stranger write there.
 */
function isOwn(topic: string): boolean {
  const own = [
    topicOf(channels.status, { instance_id: site.processor }, roots),
    topicOf(channels.metrics, { instance_id: site.processor }, roots),
    ...site.rooms.map((source_id) => topicOf(channels.room, { source_id }, roots)),
    topicOf(channels.orchestratorStatus, {}, roots),
  ];
  return own.includes(topic);
}

function isValid(topic: string, payload: Buffer): boolean {
  return Object.values<KnownChannel>(channels).every((channel) => {
    const places = placesOf(channel, topic, roots);
    return places === undefined || decodeMessage(channel, places, { topic, payload, retain: true }).ok;
  });
}

/** A report that only names the room opens an incident, and the sink keeps the report. */
async function hearsFall(bus: ChannelBus, eventsDir: string): Promise<void> {
  const rooms: number[] = [];
  await bus.subscribe(channels.incident, ({ value }) => void (value !== undefined && rooms.push(value.source_id)));
  await bus.bus.publish('nvr/events/fall_detected', { source_id: 0, trace_id: 'fall-after-fuzzing' });
  await eventually(async () => {
    expect(rooms).toContain(0);
    const names = await readdir(eventsDir);
    const texts = await Promise.all(names.map((name) => readFile(`${eventsDir}/${name}`, 'utf8')));
    expect(texts.some((text) => text.includes('fall-after-fuzzing'))).toBe(true);
  });
}

/** The longest time between two detections of each room, from the last one before a time to the first one after another. */
function gaps(
  seen: ReadonlyMap<number, readonly number[]>,
  fromMs: number,
  toMs: number,
): Readonly<Record<number, number>> {
  const largest = [...seen].map(([room, times]): [number, number] => {
    const first = times.findLastIndex((time) => time <= fromMs);
    const last = times.findIndex((time) => time >= toMs);
    const within = times.slice(Math.max(0, first), last < 0 ? undefined : last + 1);
    return [room, Math.max(...within.slice(1).map((time, index) => time - (within[index] ?? time)))];
  });
  return Object.fromEntries(largest);
}
