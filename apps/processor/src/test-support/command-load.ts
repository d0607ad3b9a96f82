import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ack, channels, type InputOf, publishedAtMs, type RoomState } from '@vigilia/protocol';
import { type Bus, ChannelBus, systemClock } from '@vigilia/service';
import {
  connectBus,
  eventually,
  type Mosquitto,
  repoRoot,
  silentLogger,
  spawnTypeScript,
  type TypeScriptProcess,
} from '@vigilia/testing';
import type { TestSite } from './processor-house.ts';

export interface LoadOptions {
  readonly perSecond: number;
  readonly seconds: number;
  /** How many loads, one after another. */
  readonly loads: number;
  /** How long after the last answer of a load memory is measured again. */
  readonly restMs: number;
}

/** Resident memory of the processor's main process, MB. */
interface LoadMemory {
  /** Before the load. */
  readonly before: number;
  /** During the load and the rest after it. */
  readonly highest: number;
  /** After the rest. */
  readonly after: number;
}

/** What became of all loads of commands. */
export interface LoadOutcome {
  readonly sent: number;
  /** Sent commands without a final answer. */
  readonly unanswered: number;
  readonly completed: number;
  /** Error codes of the final answers, and how often each came. */
  readonly errors: Readonly<Record<string, number>>;
  /** Events published between the commands, and how many of them did not reach another client. */
  readonly events: { readonly sent: number; readonly lost: number };
  /** Longest time from the last command of a load to its last answer. */
  readonly drainedMs: number;
  /** Longest time between two detections of any room, as published. */
  readonly largestGapMs: number;
  /** Of each load. */
  readonly memoryMb: readonly LoadMemory[];
  /** The zone of the last `set_zones` that was carried out, and the one that the retained state of its room shows. */
  readonly zone: { readonly set: string | undefined; readonly shown: string | undefined };
}

/** Under load; the same command again while it runs is rejected too, as always. */
export const rejections = ['queue_full', 'in_progress'];

const rooms = [0, 1] as const;
const roots = { prefix: 'nvr', discovery: 'homeassistant' };
const name = 'processor-a';

/**
 * Sends commands at a steady rate to a processor process: pings, `status`, and of each hundred one `set_fps` and one
 * `set_zones`; and of each hundred one report of a fall on the same connections.
 */
export async function loadWithCommands(site: TestSite, broker: Mosquitto, options: LoadOptions): Promise<LoadOutcome> {
  const flags = [
    '--instance-id',
    name,
    '--streams',
    rooms.join(),
    '--max-fps',
    '1',
    '--enable-control',
    '--health-port',
    '0',
  ];
  const entry = join(repoRoot, 'apps', 'processor', 'src', 'main.ts');
  const processor = spawnTypeScript(entry, [...site.flags, '--mqtt-url', broker.url, ...flags]);
  const watcher = await connectBus(broker.url);
  // one connection has the broker's window of 20 messages, which is too narrow for the rate
  const senders = await Promise.all(Array.from({ length: 8 }, () => connectBus(broker.url)));
  const typed = (bus: Bus) => new ChannelBus({ bus, roots, logger: silentLogger(), clock: systemClock });
  let memory: ReturnType<typeof watchMemory> | undefined;
  try {
    const bus = typed(watcher);
    const seen = await monitor(bus);
    await eventually(() => expectRunning(processor, seen, 0), { timeoutMs: 120_000 });
    const outs = senders.map(typed);
    const ids: string[] = [];
    const memoryMb: LoadMemory[] = [];
    let drainedMs = 0;
    const fromMs = Date.now();
    for (let load = 0; load < options.loads; load += 1) {
      memory = watchMemory(processor);
      ids.push(...(await send(outs, options, load)));
      const endedMs = Date.now();
      await answered(ids, seen.finals);
      const answeredMs = Date.now();
      drainedMs = Math.max(drainedMs, answeredMs - endedMs);
      await eventually(() => expectRunning(processor, seen, answeredMs));
      await systemClock.sleep(options.restMs);
      memoryMb.push(memory.stop());
    }
    const largestGapMs = Math.max(...[...seen.times.values()].map((list) => longest(list, fromMs)));
    const set = lastZone(ids, seen.finals);
    expect(processor.child.exitCode).toBeNull();
    return {
      sent: ids.length,
      unanswered: ids.filter((id) => !seen.finals.has(id)).length,
      completed: [...seen.finals.values()].filter(({ ack_status }) => ack_status === 'completed').length,
      errors: countCodes(seen.finals.values()),
      events: await eventsOf(ids, seen.events),
      drainedMs,
      largestGapMs,
      memoryMb,
      zone: { set, shown: await zoneOf(bus, 1, set) },
    };
  } finally {
    memory?.stop();
    processor.child.kill('SIGTERM');
    await processor.ended;
    await Promise.all([watcher, ...senders].map((one) => one.stop()));
  }
}

/** What another client sees. */
interface Seen {
  /** Final answers by command id. */
  readonly finals: Map<string, Ack>;
  /** When detections of each room were published, epoch ms. */
  readonly times: ReadonlyMap<number, number[]>;
  /** Ids of the fall reports. */
  readonly events: Set<string>;
}

async function monitor(bus: ChannelBus): Promise<Seen> {
  const times = new Map<number, number[]>(rooms.map((room) => [room, []]));
  const seen: Seen = { finals: new Map(), times, events: new Set() };
  await bus.subscribe(channels.ack, ({ value }) => {
    if (value !== undefined && value.ack_status !== 'received') {
      seen.finals.set(value.command_id, value);
    }
  });
  await bus.subscribe(channels.detections, ({ value }) => {
    if (value !== undefined) {
      times.get(value.source_id)?.push(publishedAtMs(value));
    }
  });
  await bus.subscribe(channels.fallReport, ({ value }) => void seen.events.add(value?.event_id ?? ''));
  return seen;
}

/** Every room was analysed, and again after a time. */
function expectRunning({ child, stdout }: TypeScriptProcess, { times }: Seen, afterMs: number): void {
  if (child.exitCode !== null) throw new Error(stdout().slice(-1500));
  for (const list of times.values()) {
    expect(list.length).toBeGreaterThan(10);
    expect(list.at(-1)).toBeGreaterThan(afterMs);
  }
}

/** Sends every 10 ms what is due by then; resolves with the ids when the broker has all. */
async function send(buses: readonly ChannelBus[], options: LoadOptions, load: number): Promise<string[]> {
  const { perSecond, seconds } = options;
  const ids: string[] = [];
  const waiting: Promise<void>[] = [];
  const startedMs = performance.now();
  while (ids.length < perSecond * seconds) {
    const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - startedMs) * perSecond) / 1000));
    for (let index = ids.length; index < due; index += 1) {
      const id = `load-${load}-${index}`;
      const bus = buses[index % buses.length];
      if (bus === undefined) throw new Error('no sender');
      waiting.push(bus.publish(channels.commands, {}, commandAt(index, id)));
      if (hasEvent(index)) {
        waiting.push(bus.publish(channels.fallReport, {}, { source_id: 900, event_id: id }));
      }
      ids.push(id);
    }
    await systemClock.sleep(10);
  }
  await Promise.all(waiting);
  return ids;
}

function hasEvent(index: number): boolean {
  return index % 100 === 25;
}

/** Waits until every event has arrived, or for 10 s. */
async function eventsOf(ids: readonly string[], seen: ReadonlySet<string>): Promise<LoadOutcome['events']> {
  const sent = ids.filter((id) => hasEvent(Number(id.split('-')[2])));
  const lost = () => sent.filter((id) => !seen.has(id)).length;
  await eventually(() => expect(lost()).toBe(0), { timeoutMs: 10_000 }).catch(() => {});
  return { sent: sent.length, lost: lost() };
}

function commandAt(index: number, id: string): InputOf<typeof channels.commands> {
  if (index % 100 === 99) {
    const params = { source_id: 0, max_fps: index % 200 === 99 ? 1.1 : 1 };
    return { command: 'set_fps', params, command_id: id };
  }
  if (index % 100 === 49) {
    const zones = [{ kind: 'bed', name: id, points: triangle }];
    return { command: 'set_zones', params: { source_id: 1, zones }, command_id: id };
  }
  return { command: index % 10 === 5 ? 'status' : 'ping', command_id: id };
}

const triangle = [
  [0.1, 0.1],
  [0.3, 0.1],
  [0.2, 0.3],
] as const;

/** Waits until every command has its answer, or none has come for 10 s. */
async function answered(ids: readonly string[], finals: ReadonlyMap<string, Ack>): Promise<void> {
  let [before, sinceMs] = [-1, performance.now()];
  while (finals.size < ids.length && performance.now() - sinceMs < 10_000) {
    if (finals.size !== before) {
      [before, sinceMs] = [finals.size, performance.now()];
    }
    await systemClock.sleep(100);
  }
}

function longest(list: readonly number[], fromMs: number): number {
  const times = list.filter((at) => at > fromMs - 2000);
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

function countCodes(acks: Iterable<Ack>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { error } of acks) {
    if (error != null) {
      counts[error.code] = (counts[error.code] ?? 0) + 1;
    }
  }
  return counts;
}

function watchMemory({ child }: TypeScriptProcess): { stop(): LoadMemory } {
  const now = (): number => {
    const [, kb] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kb) / 1024);
  };
  const before = now();
  let highest = before;
  const timer = setInterval(() => {
    highest = Math.max(highest, now());
  }, 200);
  return {
    stop: () => {
      clearInterval(timer);
      return { before, highest, after: now() };
    },
  };
}

/** The zone that the retained state of a room shows, `wanted` within 10 s or another: of the kept class, which may not be lost. */
async function zoneOf(bus: ChannelBus, room: number, wanted: string | undefined): Promise<string | undefined> {
  let state: RoomState | undefined;
  const take = ({ value }: { readonly value: RoomState | undefined }): void => {
    state = value ?? state;
  };
  await bus.subscribe(channels.room, take, { places: { source_id: room } });
  const shown = () => state?.zones?.[0]?.name;
  await eventually(() => expect(shown()).toBe(wanted), { timeoutMs: 10_000 }).catch(() => {});
  return shown();
}

/** The zone of the last `set_zones` that was carried out. */
function lastZone(ids: readonly string[], finals: ReadonlyMap<string, Ack>): string | undefined {
  return ids.findLast((id) => {
    const final = finals.get(id);
    return final?.command === 'set_zones' && final.ack_status === 'completed';
  });
}
