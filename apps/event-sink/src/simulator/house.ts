import { createTopics } from '@vigilia/protocol';
import type { LogLine } from '../documents/log-document.ts';
import type { SinkState } from '../documents/sink-document.ts';

export const topics = createTopics();

/** What the sink receives at a moment of simulated time. */
export type Happening =
  | {
      readonly atMs: number;
      readonly kind: 'message';
      readonly topic: string;
      readonly payload: Readonly<Record<string, unknown>>;
    }
  | { readonly atMs: number; readonly kind: 'log'; readonly line: LogLine }
  | { readonly atMs: number; readonly kind: 'sink'; readonly state: SinkState };

export interface SimulatedProcessor {
  readonly id: string;
  readonly rooms: readonly number[];
}

/** The simulated residence: eight rooms, two processors, a frame every ten seconds. */
export const processors: readonly SimulatedProcessor[] = [
  { id: 'processor-a', rooms: [0, 1, 2, 3] },
  { id: 'processor-b', rooms: [4, 5, 6, 7] },
];
export const rooms: readonly number[] = processors.flatMap((processor) => processor.rooms);
export const FPS = 0.1;
export const INTERVAL_MS = 1000 / FPS;
export const nurses = ['Ana', 'Luis', 'Marta'] as const;

export function homeOf(room: number): string {
  return processors.find((processor) => processor.rooms.includes(room))?.id ?? 'processor-a';
}

export const simulatedRoomName = (room: number): string => `Room ${room}`;
export const iso = (ms: number): string => new Date(ms).toISOString();

export function message(atMs: number, topic: string, payload: Readonly<Record<string, unknown>>): Happening {
  return { atMs, kind: 'message', topic, payload };
}

/** A retained status as a processor sends it. */
export function statusMessage(
  atMs: number,
  of: {
    id: string;
    bootId: string;
    status: string;
    rooms: readonly number[];
    fps?: number;
    role?: 'home' | 'dedicated';
    incidentId?: string;
  },
): Happening {
  const { id, bootId, status, fps = FPS, role = 'home', incidentId } = of;
  const streams = of.rooms.map((source_id) => ({
    source_id,
    uri: `rtsp://go2rtc:8554/${source_id}`,
    model_id: 'movenet',
    max_fps: fps,
    confidence: 0.3,
    tracking: true,
    decode: 'auto',
    state: 'watching',
    zones_configured: true,
  }));
  const offline = status === 'offline';
  return message(atMs, topics.status(id), {
    instance_id: id,
    client_id: id,
    boot_id: bootId,
    role,
    ...(incidentId !== undefined && { incident_id: incidentId }),
    status,
    timestamp: iso(atMs),
    ...(!offline && { streams, health: 'ok', uptime_seconds: 1 }),
  });
}
