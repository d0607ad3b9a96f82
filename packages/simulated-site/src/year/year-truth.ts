/** Alarms by what people found. */
export interface VerdictCounts {
  true: number;
  false: number;
  unknown: number;
}

/** What really happened in a simulated year, counted where it was made up and never from records. */
export interface YearTruth {
  readonly total: VerdictCounts;
  drills: number;
  /** By the Monday of the week at the site. */
  readonly weeks: Map<string, VerdictCounts>;
  readonly rooms: Map<number, VerdictCounts>;
  readonly hours: Map<number, VerdictCounts>;
  /** Every duration of each step, ms. */
  readonly durations: {
    readonly alarmToAcknowledged: number[];
    readonly acknowledgedToAttended: number[];
    readonly attendedToClosed: number[];
    readonly alarmToClosed: number[];
  };
  /** By cause, ms. */
  readonly unwatchedMs: Map<string, number>;
  readonly blindMs: Map<string, number>;
  /** Unwatched time of each room, ms. */
  readonly unwatchedOfRoomMs: Map<number, number>;
  recordedMs: number;
}

export function newYearTruth(): YearTruth {
  return {
    total: newCounts(),
    drills: 0,
    weeks: new Map(),
    rooms: new Map(),
    hours: new Map(),
    durations: { alarmToAcknowledged: [], acknowledgedToAttended: [], attendedToClosed: [], alarmToClosed: [] },
    unwatchedMs: new Map(),
    blindMs: new Map(),
    unwatchedOfRoomMs: new Map(),
    recordedMs: 0,
  };
}

/** Counts one alarm of a room at a time that the clock of the site shows (as if it were UTC). */
export function countAlarm(truth: YearTruth, room: number, wallMs: number, found: keyof VerdictCounts): void {
  const wall = new Date(wallMs);
  const sinceMonday = (wall.getUTCDay() + 6) % 7;
  const monday = new Date(Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate() - sinceMonday));
  truth.total[found] += 1;
  countsOf(truth.weeks, monday.toISOString().slice(0, 10))[found] += 1;
  countsOf(truth.rooms, room)[found] += 1;
  countsOf(truth.hours, wall.getUTCHours())[found] += 1;
}

function countsOf<K>(map: Map<K, VerdictCounts>, key: K): VerdictCounts {
  const counts = map.get(key) ?? newCounts();
  map.set(key, counts);
  return counts;
}

function newCounts(): VerdictCounts {
  return { true: 0, false: 0, unknown: 0 };
}
