import {
  channels,
  type Incident,
  maxReplayMoments,
  onFloorSince,
  type Replay,
  type ReplayMoment,
  replaySlotMs,
  replayWindowMs,
  type Zone,
} from '@vigilia/protocol';
import { type SightHistory, sameShape, slotOf } from './sight-history.ts';

export interface ReplaySources {
  readonly incident: Incident;
  /** What this processor observed in the room. */
  readonly history: SightHistory;
  readonly zones: readonly Zone[];
  /** The replay as it is on the broker, perhaps of another processor: its moments stay. */
  readonly known: Replay | undefined;
  /** Now, on the clock of the history. */
  readonly nowMs: number;
}

/** What is observed may be added for this long after the end of the window: a result needs its time. */
const lateResultMs = 2000;
const maxZones = 16;
const maxModels = 8;

/** Returns when the last moment of an incident's replay can have been observed and analysed, epoch ms. */
export function replayEndsAtMs(incident: Incident): number {
  return Date.parse(onFloorSince(incident)) + replayWindowMs + lateResultMs;
}

/**
 * Returns the replay of an incident's last fall from the known one and what was observed since; undefined where nothing was
 * observed, or where the known one is at least as good: of another fall only a later one replaces it, of another shape of the
 * camera's frame only one with more moments.
 */
export function buildReplay(sources: ReplaySources): Replay | undefined {
  const { incident, history, nowMs } = sources;
  const fallAt = onFloorSince(incident);
  const fallAtMs = Date.parse(fallAt);
  const known = knownOfSameFall(sources.known, fallAt, history);
  const observed = history.moments.filter(({ atMs }) => Math.abs(atMs - fallAtMs) <= replayWindowMs);
  if (observed.length === 0) return undefined;
  const models = [...new Set([...(known?.models ?? []), ...observed.map(({ modelId }) => modelId)])].slice(
    0,
    maxModels,
  );
  const moments = observed.map(
    ({ atMs, modelId, people }): ReplayMoment => ({
      ms: Math.round(atMs - fallAtMs),
      model: Math.max(0, models.indexOf(modelId)),
      people: [...people],
    }),
  );
  const complete = nowMs >= replayEndsAtMs(incident);
  const replay = withinBytes({
    version: 1,
    incident_id: incident.incident_id,
    source_id: incident.source_id,
    fall_at: fallAt,
    complete: complete || known?.complete === true,
    size: history.size,
    zones: zonesOnGrid(sources.zones, history.size),
    models,
    moments: thinned([...(known?.moments ?? []), ...moments], replaySlotMs),
  });
  return isBetter(replay, sources.known) ? replay : undefined;
}

/** Each replay that is better than another is later, or complete where the other is not, or has more moments: never in a circle. */
function isBetter(replay: Replay, known: Replay | undefined): boolean {
  if (known === undefined) return true;
  if (known.fall_at !== replay.fall_at) return Date.parse(replay.fall_at) > Date.parse(known.fall_at);
  if (known.complete && !replay.complete) return false;
  if (replay.complete && !known.complete && sameShape(known.size, replay.size)) return true;
  return replay.moments.length > known.moments.length;
}

function knownOfSameFall(known: Replay | undefined, fallAt: string, history: SightHistory): Replay | undefined {
  return known !== undefined && known.fall_at === fallAt && sameShape(known.size, history.size) ? known : undefined;
}

/** Returns at most one moment per slot, the first one given, in the order of time. */
function thinned(moments: readonly ReplayMoment[], slotMs: number): ReplayMoment[] {
  const bySlot = new Map<number, ReplayMoment>();
  for (const moment of moments) {
    const slot = slotOf(moment.ms, slotMs);
    if (!bySlot.has(slot)) {
      bySlot.set(slot, moment);
    }
  }
  return [...bySlot.values()].toSorted((a, b) => a.ms - b.ms).slice(0, maxReplayMoments);
}

/** Halves the rate of the moments until the replay fits into a message. */
function withinBytes(replay: Replay): Replay {
  let fitting = replay;
  for (let slotMs = 2 * replaySlotMs; bytesOf(fitting) > channels.replay.maxBytes; slotMs *= 2) {
    fitting = { ...replay, moments: thinned(replay.moments, slotMs) };
  }
  return fitting;
}

const bytesOf = (replay: Replay): number => new TextEncoder().encode(JSON.stringify(replay)).length;

function zonesOnGrid(zones: readonly Zone[], size: SightHistory['size']): Replay['zones'] {
  return zones.slice(0, maxZones).map(({ kind, points }) => ({
    kind,
    points: points.map(([x, y]) => [Math.round(x * size.width), Math.round(y * size.height)] as [number, number]),
  }));
}
