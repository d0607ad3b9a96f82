import { unwatchedAfterMs } from '@vigilia/protocol';
import { analysableFromMs, claims, type Offer, type RoomSchedule } from './room-schedule.ts';

export interface Candidate<Id> {
  readonly id: Id;
  readonly room: RoomSchedule;
  readonly offer: Offer;
}

export type Decision<Id> =
  /** Analyse this room's frame now. */
  | { readonly pick: Candidate<Id> }
  /** Nothing to do before this monotonic time (or before another frame comes); undefined = no frame at all. */
  | { readonly wakeMs: number | undefined };

/** Waiting for longer than this share of its interval: the CPU is short. */
const shortOf = 0.5;

/** Past this share of the time after which a room counts as unwatched, it comes before every share and claim. */
const nearlyUnwatched = 0.75;

/**
 * Earliest deadline first, the deadline being one interval after a room is due. When the CPU is short, by share instead:
 * the room whose time since its last analysis, in its own intervals and times its claim, is longest. Shares then follow the
 * claims, which differ by a factor of two at most: no room falls below half its rate while another gets all of its own.
 * First of all come rooms that are about to count as unwatched: a burst of one room must not darken the slow ones, whose
 * few frames cost little.
 */
export function pickRoom<Id>(candidates: readonly Candidate<Id>[], nowMs: number): Decision<Id> {
  const analysableFrom = candidates.map(({ room, offer }) => analysableFromMs(room, offer));
  const ready = candidates.filter((_, i) => (analysableFrom[i] as number) <= nowMs);
  if (ready.length === 0) return { wakeMs: analysableFrom.length === 0 ? undefined : Math.min(...analysableFrom) };
  const short = ready.some(({ room, offer }) => nowMs - readySince(room, offer) > shortOf * room.intervalMs);
  const endangered = ready.filter((one) => endangerment(one, nowMs) > nearlyUnwatched);
  if (endangered.length > 0) return { pick: most(endangered, (one) => endangerment(one, nowMs)) };
  const urgency = short ? (one: Candidate<Id>) => share(one, nowMs) : deadline;
  return { pick: most(ready, urgency) };
}

function most<Id>(candidates: readonly Candidate<Id>[], urgency: (one: Candidate<Id>) => number): Candidate<Id> {
  return candidates.reduce((best, one) => (urgency(one) > urgency(best) ? one : best));
}

/** 1 = the room counts as unwatched (docs/architecture.md#unwatched-rooms). A burst is faster than the configured rate: never in danger. */
const endangerment = <Id>({ room }: Candidate<Id>, nowMs: number): number =>
  room.claim === 'burst' ? 0 : (nowMs - room.lastMs) / unwatchedAfterMs(room.intervalMs);

const readySince = (room: RoomSchedule, offer: Offer): number => Math.max(room.dueMs, offer.waitingSinceMs);

/** Greater = more urgent. A claim brings the deadline nearer. */
const deadline = <Id>({ room }: Candidate<Id>): number => -(room.dueMs + room.intervalMs / claims[room.claim]);

const share = <Id>({ room }: Candidate<Id>, nowMs: number): number =>
  ((nowMs - room.lastMs) / room.intervalMs) * claims[room.claim];
