/** One fall as the simulator made it happen; times in epoch ms. */
export interface FallTruth {
  readonly room: number;
  readonly home: string;
  readonly incidentId: string;
  readonly traceId: string;
  readonly eventId: string;
  readonly outcome: 'helped' | 'false_alarm' | 'drill';
  readonly fellMs: number;
  readonly alarmMs: number;
  readonly openedMs: number;
  readonly acknowledgedMs: number;
  readonly resolvedMs: number;
  readonly closedMs: number;
  /** Who acknowledged; another one resolved. */
  readonly nurse: string;
  readonly resolver: string;
  /** No dedicated processor could be started. */
  readonly degraded: boolean;
  readonly reminders: number;
  readonly relievedRooms: number;
  readonly gapMs: number;
  /** Each step's time. */
  readonly steps: Readonly<Record<string, number>>;
}

interface ReportTruth {
  readonly count: number;
  readonly inferenceSumMs: number;
  readonly cpuSumPercent: number;
  readonly memoryMaxMb: number;
}

/** What really happened in the simulated time: what every panel must show. Made beside the messages, never from documents. */
export interface Truth {
  readonly falls: FallTruth[];
  /** Per room, ms. */
  readonly unwatchedMs: Map<number, number>;
  /** The longest single time. */
  readonly unwatchedLongestMs: Map<number, number>;
  readonly blindMs: Map<number, number>;
  readonly frames: Map<number, number>;
  readonly peopleMax: Map<number, number>;
  /** Total frames skipped per room. */
  readonly skipped: Map<number, number>;
  /** Lives per processor. */
  readonly boots: Map<string, number>;
  /** Failed commands by code. */
  readonly errors: Map<string, number>;
  /** Log lines by level. */
  readonly logLines: Map<string, number>;
  /** What each processor reported, summed up. */
  readonly reports: Map<string, ReportTruth>;
  /** Minutes in which a processor delivered a frame of a room; the key is `{room} {processor}`. */
  readonly watchedMinutes: Map<string, number>;
  /** How often each room went blind. */
  readonly blindTimes: Map<number, number>;
  maxLagSeconds: number;
  deadLetters: number;
}

export function newTruth(): Truth {
  return {
    falls: [],
    unwatchedMs: new Map(),
    unwatchedLongestMs: new Map(),
    blindMs: new Map(),
    frames: new Map(),
    peopleMax: new Map(),
    skipped: new Map(),
    boots: new Map(),
    errors: new Map(),
    logLines: new Map(),
    reports: new Map(),
    watchedMinutes: new Map(),
    blindTimes: new Map(),
    maxLagSeconds: 0,
    deadLetters: 0,
  };
}

export function add<K>(map: Map<K, number>, key: K, value: number): void {
  map.set(key, (map.get(key) ?? 0) + value);
}
