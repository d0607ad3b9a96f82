import { type Incident, noPolicyHistory, policySchema, type SettingOwner } from '@vigilia/protocol';
import { makeIncident } from '@vigilia/simulated-site';
import { Draft } from '../draft.ts';
import { createRules, type Rules } from '../rules.ts';
import type { ObservedProcessor, View } from '../view.ts';

/** The moment of every view here, monotonic ms. */
export const nowMs = 100_000;
const iso = new Date(nowMs).toISOString();

/** The owner of a setting that was not changed since the start. */
export const flags: SettingOwner = { by: 'flags', at: iso };

/** A processor that runs and was heard just now, with rooms at these rates; `owners` set them, or else the flags. */
export function processorOf(
  instanceId: string,
  rates: Readonly<Record<number, number>>,
  more: Partial<ObservedProcessor> & { readonly owners?: Readonly<Record<number, SettingOwner>> } = {},
): ObservedProcessor {
  const { owners = {}, ...rest } = more;
  const rooms = Object.entries(rates).map(([room, maxFps]) => ({ room: Number(room), maxFps }));
  const since = new Map(rooms.map(({ room }) => [room, nowMs - 60_000]));
  return {
    instanceId,
    bootId: `boot-${instanceId}`,
    role: 'home',
    status: 'running',
    control: true,
    lastSignMs: nowMs,
    confirmed: true,
    bootSeenMs: nowMs - 60_000,
    comingSinceMs: nowMs - 60_000,
    defaults: {},
    streams: new Map(
      rooms.map(({ room, maxFps }) => [
        room,
        {
          modelId: 'light',
          maxFps,
          state: 'watching',
          zonesConfigured: true,
          setBy: { max_fps: owners[room] ?? flags, model_id: flags },
        },
      ]),
    ),
    detections: new Map(rooms.map(({ room }) => [room, nowMs - 100])),
    seenSince: since,
    listedSince: since,
    operatorChanges: new Map(),
    removed: new Map(),
    announced: 'online',
    ...rest,
  };
}

/** An open incident in a room of `processor-a`. */
export function incidentOf(sourceId: number, more: Partial<Incident> = {}): Incident {
  return makeIncident({ home: 'processor-a', sourceId, at: iso }, more);
}

export function viewOf(
  parts: {
    readonly processors?: readonly ObservedProcessor[];
    readonly incidents?: readonly Incident[];
    /** Room → rate that is desired of `processor-a`. */
    readonly desired?: Readonly<Record<number, number>>;
  } & Partial<Pick<View, 'runtime' | 'failures' | 'pending' | 'wholeSinceMs' | 'alarmFigures' | 'watched'>>,
): View {
  const { processors = [], incidents = [], desired = {}, ...rest } = parts;
  const anchors = new Map([[iso, nowMs - 30_000]]);
  return {
    self: 'orchestrator',
    processors: new Map(processors.map((one) => [one.instanceId, one])),
    rooms: new Map(),
    desired: new Map(
      Object.entries(desired).map(([room, max_fps]) => [Number(room), { home: 'processor-a', max_fps }]),
    ),
    removedRooms: new Map(),
    desiredRevision: 1,
    policyHistory: noPolicyHistory,
    alarmFigures: undefined,
    watched: { roomMs: new Map(), modelMs: new Map(), sinceMs: nowMs },
    incidents: new Map(incidents.map((incident) => [incident.incident_id, { incident, anchors }])),
    replays: new Map(),
    runtime: { listed: true, instances: new Map() },
    inbox: [],
    pending: new Set(),
    failures: new Map(),
    wholeSinceMs: nowMs - 60_000,
    ...rest,
  };
}

/** A report of a fall in room 2, as the inbox has it. */
export const fallInRoom2 = {
  id: 'fall',
  kind: 'fall',
  type: 'fall_detected',
  report: { source_id: 2, event_id: 'fall-1', unread: [] },
  fingerprint: 'f',
  redelivered: false,
} as const;

export const now = { wallMs: nowMs, monoMs: nowMs };

export function rulesOf(view: View, policy: Parameters<typeof policySchema.parse>[0] = {}): Rules {
  return createRules(new Draft({ view, policy: policySchema.parse(policy), now }));
}
