import { type DaySummary, type GapKind, gapKinds, quarterMs, type RoomDay } from './records.ts';

/** The unwatched or blind time of one room by one cause, within a quarter of an hour. */
export interface Gap {
  readonly sourceId: number;
  readonly kind: GapKind;
  readonly cause: string;
  readonly ms: number;
  /** Start of the quarter, epoch ms. */
  readonly atMs: number;
}

/** Unwatched or blind time by its cause. */
export interface CauseTime {
  readonly cause: string;
  readonly ms: number;
  /** In how many rooms. */
  readonly rooms: number;
}

/** Returns the unwatched and blind time of every room of the days. */
export function gapsOf(days: readonly DaySummary[]): Gap[] {
  return days.flatMap(({ rooms }) => Object.entries(rooms).flatMap(([key, room]) => gapsOfRoom(Number(key), room)));
}

function gapsOfRoom(sourceId: number, room: RoomDay): Gap[] {
  return Object.entries(room.gaps).flatMap(([quarter, kinds]) =>
    gapKinds.flatMap((kind) =>
      Object.entries(kinds[kind] ?? {}).map(([cause, ms]) => {
        return { sourceId, kind, cause, ms, atMs: Number(quarter) * quarterMs };
      }),
    ),
  );
}

/** Returns the time of one kind by cause, the longest first. */
export function timeByCause(gaps: readonly Gap[], kind: GapKind): CauseTime[] {
  const causes = new Map<string, { ms: number; readonly rooms: Set<number> }>();
  for (const gap of gaps) {
    if (gap.kind !== kind) continue;
    const found = causes.get(gap.cause) ?? { ms: 0, rooms: new Set<number>() };
    found.ms += gap.ms;
    found.rooms.add(gap.sourceId);
    causes.set(gap.cause, found);
  }
  return [...causes]
    .map(([cause, { ms, rooms }]) => ({ cause, ms, rooms: rooms.size }))
    .sort((a, b) => b.ms - a.ms || a.cause.localeCompare(b.cause));
}

/** Returns the time of one kind, ms. */
export function totalOf(gaps: readonly Gap[], kind: GapKind): number {
  return gaps.reduce((sum, gap) => (gap.kind === kind ? sum + gap.ms : sum), 0);
}
