/** What a room may claim when the CPU is short; never more than twice another's share, so that none starves. */
export const claims = { quiet: 1, people: 1.5, burst: 2 } as const;
export type Claim = keyof typeof claims;

/** When one room is due. All times are monotonic ms. */
export interface RoomSchedule {
  readonly intervalMs: number;
  readonly claim: Claim;
  /** The next analysis should begin by then. */
  readonly dueMs: number;
  /** When the last analysis began; before the first: when the room joined. */
  readonly lastMs: number;
  /** Analyses that were due and could not be done because the model was busy with other rooms. */
  readonly skipped: number;
}

/** The frame that a room could have analysed now: its newest, if that has not been analysed yet. */
export interface Offer {
  /** When it arrived here. */
  readonly frameMs: number;
  /** When the first frame after the last analysed one arrived: since then the room could have been served. */
  readonly waitingSinceMs: number;
  /** Time between frames; undefined = not known. */
  readonly frameIntervalMs: number | undefined;
}

/** A room joins: due at once. */
export function joinSchedule(
  nowMs: number,
  rate: { readonly intervalMs: number; readonly claim: Claim },
): RoomSchedule {
  return { ...rate, dueMs: nowMs, lastMs: nowMs, skipped: 0 };
}

/** Another rate or claim, from now on: a faster one is due one new interval after the last analysis. */
export function changeRate(
  room: RoomSchedule,
  rate: { readonly intervalMs: number; readonly claim: Claim },
): RoomSchedule {
  if (rate.intervalMs === room.intervalMs) return { ...room, ...rate };
  return { ...room, ...rate, dueMs: room.lastMs + rate.intervalMs };
}

/** Frames that come about as seldom as they are wanted are all wanted. */
const everyFrame = 0.9;
/** A frame may come this share of a frame interval later than expected. */
const jitter = 0.25;

/**
 * From when the offered frame may be analysed: at the due time, but for sparse frames (key frames). Of those the one
 * nearest to the due time is taken as it comes; an older one at that time would show the room as it was long ago.
 */
export function analysableFromMs(room: RoomSchedule, offer: Offer): number {
  const { dueMs, intervalMs } = room;
  const between = offer.frameIntervalMs;
  if (between === undefined) return dueMs;
  if (between >= everyFrame * intervalMs) return offer.frameMs;
  const next = offer.frameMs + between;
  const slack = jitter * between;
  return next > dueMs + slack ? Math.min(offer.frameMs, dueMs) : Math.max(dueMs, next + slack);
}

/** An analysis begins: the next is due one interval later on the same beat, or from now on where the beat was lost. */
export function served(room: RoomSchedule, offer: Offer, nowMs: number): RoomSchedule {
  const { intervalMs, dueMs } = room;
  const everyOne = offer.frameIntervalMs !== undefined && offer.frameIntervalMs >= everyFrame * intervalMs;
  const onBeat = !everyOne && nowMs - dueMs < intervalMs;
  const waited = nowMs - Math.max(dueMs, offer.waitingSinceMs);
  const skipped = Math.max(0, Math.floor(waited / intervalMs));
  // half an interval is the least between two, also where a beat is made up for
  const next = onBeat ? Math.max(dueMs + intervalMs, nowMs + intervalMs / 2) : nowMs + intervalMs;
  return { ...room, lastMs: nowMs, dueMs: next, skipped: room.skipped + skipped };
}
