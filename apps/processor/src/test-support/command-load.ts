import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ack, channels, type InputOf, publishedAtMs, type RoomState } from '@vigilia/protocol';
import { ChannelBus, systemClock } from '@vigilia/service';
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
  /** How long after the last answer memory is measured again. */
  readonly restMs: number;
}

/** What became of a load of commands. */
export interface LoadOutcome {
  readonly sent: number;
  /** Sent commands without a final answer. */
  readonly unanswered: number;
  readonly completed: number;
  /** Error codes of the final answers, and how often each came. */
  readonly errors: Readonly<Record<string, number>>;
  /** How long after the last command the last answer came. */
  readonly drainedMs: number;
  /** Longest time between two detections of any room, as published. */
  readonly largestGapMs: number;
  /** Resident memory of the processor's main process, MB. */
  readonly memoryMb: { readonly before: number; readonly highest: number; readonly after: number };
  /** The zone of the last `set_zones` that was carried out, and the one that the retained state of its room shows. */
  readonly zone: { readonly set: string | undefined; readonly shown: string | undefined };
}

/** As in deploy/mosquitto/mosquitto.conf. */
export const queues = ['max_queued_messages 100000', 'max_queued_bytes 33554432'];
/** Under load; the same command again while it runs is rejected too, as always. */
export const rejections = ['queue_full', 'in_progress'];

const rooms = [0, 1] as const;
const roots = { prefix: 'nvr', discovery: 'homeassistant' };
const name = 'processor-a';

/**
 * Sends commands at a steady rate to a processor process: pings, `status`, and of each hundred
 * one `set_fps` and one `set_zones`.
 */
export async function loadWithCommands(site: TestSite, broker: Mosquitto, options: LoadOptions): Promise<LoadOutcome> {
  const flags = ['--instance-id', name, '--streams', rooms.join(), '--max-fps', '1', '--enable-control'];
  const entry = join(repoRoot, 'apps', 'processor', 'src', 'main.ts');
  const processor = spawnTypeScript(entry, [...site.flags, '--mqtt-url', broker.url, ...flags]);
  const watcher = await connectBus(broker.url);
  // one connection has the broker's window of 20 messages, which is too narrow for the rate
  const senders = await Promise.all(Array.from({ length: 8 }, () => connectBus(broker.url)));
  let memory: ReturnType<typeof watchMemory> | undefined;
  try {
    const bus = new ChannelBus({ bus: watcher, roots, logger: silentLogger(), clock: systemClock });
    const finals = new Map<string, Ack>();
    await bus.subscribe(channels.ack, ({ value }) => {
      if (value !== undefined && value.ack_status !== 'received') finals.set(value.command_id, value);
    });
    const times = new Map<number, number[]>(rooms.map((room) => [room, []]));
    await bus.subscribe(channels.detections, ({ value }) => {
      if (value !== undefined) times.get(value.source_id)?.push(publishedAtMs(value));
    });
    const warm = () => {
      expect(processor.child.exitCode).toBeNull();
      for (const list of times.values()) expect(list.length).toBeGreaterThan(10);
    };
    await eventually(warm, { timeoutMs: 120_000, message: processor.stdout().slice(-1500) });
    const fromMs = Date.now();
    memory = watchMemory(processor);
    const outs = senders.map(
      (sender) => new ChannelBus({ bus: sender, roots, logger: silentLogger(), clock: systemClock }),
    );
    const sent = await send(outs, options);
    const endedMs = Date.now();
    await answered(sent, finals);
    const drainedMs = Date.now() - endedMs;
    await eventually(() => {
      for (const list of times.values()) expect(list.at(-1)).toBeGreaterThan(endedMs + drainedMs);
    });
    const largestGapMs = Math.max(
      ...[...times.values()].map((list) => longest(list.filter((at) => at > fromMs - 2000))),
    );
    await systemClock.sleep(options.restMs);
    expect(processor.child.exitCode).toBeNull();
    return {
      sent: sent.length,
      unanswered: sent.filter((id) => !finals.has(id)).length,
      completed: [...finals.values()].filter(({ ack_status }) => ack_status === 'completed').length,
      errors: countCodes(finals.values()),
      drainedMs,
      largestGapMs,
      memoryMb: memory.now(),
      zone: { set: lastZone(sent, finals), shown: await zoneOf(bus, 1) },
    };
  } finally {
    memory?.stop();
    processor.child.kill('SIGTERM');
    await processor.ended;
    await Promise.all([watcher, ...senders].map((one) => one.stop()));
  }
}

/** Sends every 10 ms what is due by then; resolves with the ids when the broker has all. */
async function send(buses: readonly ChannelBus[], { perSecond, seconds }: LoadOptions): Promise<string[]> {
  const ids: string[] = [];
  const waiting: Promise<void>[] = [];
  const startedMs = performance.now();
  while (ids.length < perSecond * seconds) {
    const due = Math.min(perSecond * seconds, Math.floor(((performance.now() - startedMs) * perSecond) / 1000));
    for (; ids.length < due; ) {
      const id = `load-${ids.length}`;
      const bus = buses[ids.length % buses.length];
      if (bus !== undefined) waiting.push(bus.publish(channels.commands, {}, commandAt(ids.length, id)));
      ids.push(id);
    }
    await systemClock.sleep(10);
  }
  await Promise.all(waiting);
  return ids;
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
    if (finals.size !== before) [before, sinceMs] = [finals.size, performance.now()];
    await systemClock.sleep(100);
  }
}

function longest(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

function countCodes(acks: Iterable<Ack>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { error } of acks) if (error != null) counts[error.code] = (counts[error.code] ?? 0) + 1;
  return counts;
}

function watchMemory({ child }: TypeScriptProcess): { now(): LoadOutcome['memoryMb']; stop(): void } {
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
    now: () => ({ before, highest, after: now() }),
    stop: () => clearInterval(timer),
  };
}

/** The zone that the retained state of a room shows: of the kept class, which may not be lost. */
async function zoneOf(bus: ChannelBus, room: number): Promise<string | undefined> {
  let state: RoomState | undefined;
  const take = ({ value }: { readonly value: RoomState | undefined }): void => {
    state = value ?? state;
  };
  await bus.subscribe(channels.room, take, { places: { source_id: room } });
  await eventually(() => expect(state).toBeDefined());
  return state?.zones?.[0]?.name;
}

/** The zone of the last `set_zones` that was carried out. */
function lastZone(ids: readonly string[], finals: ReadonlyMap<string, Ack>): string | undefined {
  return ids.findLast((id) => {
    const final = finals.get(id);
    return final?.command === 'set_zones' && final.ack_status === 'completed';
  });
}
