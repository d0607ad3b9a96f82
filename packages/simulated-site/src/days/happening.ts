import { createTopics, type Status } from '@vigilia/protocol';
import { makeStatus, makeStream, type Sender } from '../messages.ts';
import { simulatedHomes } from '../sim-site.ts';

export const topics = createTopics();

/** What an event sink receives at a moment of simulated time. */
export type Happening =
  | { readonly atMs: number; readonly kind: 'message'; readonly topic: string; readonly payload: object }
  | { readonly atMs: number; readonly kind: 'log'; readonly line: SimLogLine }
  | { readonly atMs: number; readonly kind: 'sink'; readonly state: SimSinkState };

/** A line of a service's log, as the engine hands it over. */
interface SimLogLine {
  readonly text: string;
  readonly origin: { readonly kind: 'container'; readonly name: string; readonly id: string };
  readonly place: readonly string[];
}

/** What the event sink reports about itself. */
export interface SimSinkState {
  readonly spool_bytes: number;
  readonly spool_used_percent: number;
  readonly pending_records: number;
  readonly lag_seconds: number;
  readonly dead_letters: number;
  readonly dropped_records: number;
}

/** Every room of the site; each has a frame every ten seconds. */
export const rooms: readonly number[] = Object.values(simulatedHomes).flat();
export const FPS = 0.1;
export const INTERVAL_MS = 1000 / FPS;
export const nurses = ['Ana', 'Luis', 'Marta'] as const;

export function homeOf(room: number): string {
  return Object.keys(simulatedHomes).find((home) => simulatedHomes[home]?.includes(room)) ?? 'processor-a';
}

/** The other rooms of the home of a room. */
export function neighboursOf(room: number): readonly number[] {
  return (simulatedHomes[homeOf(room)] ?? []).filter((other) => other !== room);
}

export const simulatedRoomName = (room: number): string => `Room ${room}`;
export const iso = (ms: number): string => new Date(ms).toISOString();

export function message(atMs: number, topic: string, payload: object): Happening {
  return { atMs, kind: 'message', topic, payload };
}

/** Returns a retained status as a processor publishes it; without rooms where it is offline. */
export function statusMessage(
  atMs: number,
  { instanceId, bootId }: Omit<Sender, 'at'>,
  streams: { readonly rooms: readonly number[]; readonly maxFps: number },
  change: Partial<Status> = {},
): Happening {
  const status = makeStatus({ instanceId, bootId, at: iso(atMs) }, change);
  if (status.status !== 'offline') {
    status.streams = streams.rooms.map((room) => makeStream(room, { model_id: 'movenet', max_fps: streams.maxFps }));
    status.health = 'ok';
    status.uptime_seconds = 1;
  }
  return message(atMs, topics.status(instanceId), status);
}
