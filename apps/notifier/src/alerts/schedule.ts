/** One entry of the list of targets: whom to notify so long after the list has started. */
export interface ScheduleEntry {
  readonly offsetMs: number;
  readonly targets: readonly string[];
}

/** Whom to notify of a fall, in order; the first entry is due at once. */
export type Schedule = readonly ScheduleEntry[];

export interface AlarmTiming {
  /** The longest pause between two notices of an alarm that no person has acknowledged. */
  readonly repeatMs: number;
  /** With each new start of the list, so many further entries are notified at once. */
  readonly levelIncrease: number;
  /** The alarm returns so long after an acknowledgment unless the person was seen up. */
  readonly returnMs: number;
}

/** Returns the list of entries with those of the same time joined, by time, each target once per entry. */
export function scheduleOf(entries: readonly ScheduleEntry[]): Schedule {
  const byOffset = new Map<number, string[]>();
  for (const { offsetMs, targets } of entries) {
    byOffset.set(offsetMs, [...(byOffset.get(offsetMs) ?? []), ...targets]);
  }
  return [...byOffset]
    .sort(([a], [b]) => a - b)
    .map(([offsetMs, targets]) => ({ offsetMs, targets: [...new Set(targets)] }));
}

/** Returns the list when its first `increase` escalations start at once: the later ones follow as much earlier. */
export function listAt(schedule: Schedule, increase: number): Schedule {
  const joined = Math.min(increase, schedule.length - 1);
  if (joined <= 0) return schedule;
  const startMs = schedule[joined]?.offsetMs ?? 0;
  const atOnce = schedule.slice(0, joined + 1).flatMap(({ targets }) => targets);
  return [
    { offsetMs: 0, targets: [...new Set(atOnce)] },
    ...schedule.slice(joined + 1).map(({ offsetMs, targets }) => ({ offsetMs: offsetMs - startMs, targets })),
  ];
}
