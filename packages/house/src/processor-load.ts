import type { MetricsMessage, Status } from '@vigilia/protocol';
import type { House } from './house.ts';

/** How much of its work a processor did between two of its metrics messages. */
export interface ProcessorLoad {
  /** Rooms that it monitored in that time. */
  readonly rooms: number;
  /** Analyses that were done. */
  readonly analysed: number;
  /** Analyses that were due and not done because the model was busy. */
  readonly skipped: number;
  /** Share of the due analyses that were skipped, 0..1. */
  readonly skippedShare: number;
  readonly isOverloaded: boolean;
  /** How many rooms must leave so that the others are analysed at their rates; 0 unless overloaded, never all of them. */
  readonly roomsTooMany: number;
}

/** A tenth of the analyses may be late, as during a hand-over. */
const overloadedShare = 0.1;
/** Fewer due analyses than this state nothing. */
const leastDue = 5;

/**
 * Returns the load of a processor over the last one to two minutes; undefined while it is not known: two metrics messages of the
 * same start of the processor are needed, with a room that is in both.
 */
export function processorLoad({ metrics, earlierMetrics }: House, status: Status): ProcessorLoad | undefined {
  const latest = metrics.get(status.instance_id);
  const before = earlierMetrics.get(status.instance_id)?.from;
  if (latest === undefined || before === undefined || before === latest) return undefined;
  // both are of one start, which may be an earlier one than that of the status
  if (latest.boot_id !== status.boot_id) return undefined;
  return loadBetween(before, latest, status);
}

function loadBetween(
  before: MetricsMessage,
  latest: MetricsMessage,
  { streams = [] }: Status,
): ProcessorLoad | undefined {
  const monitored = new Set(streams.map(({ source_id }) => source_id));
  let [rooms, analysed, skipped] = [0, 0, 0];
  for (const room of latest.rooms) {
    const earlier = before.rooms.find(({ source_id }) => source_id === room.source_id);
    // a room that left and returned counts anew
    if (earlier === undefined || !monitored.has(room.source_id) || earlier.analysed > room.analysed) continue;
    rooms += 1;
    analysed += room.analysed - earlier.analysed;
    skipped += Math.max(0, room.skipped - earlier.skipped);
  }
  if (rooms === 0) return undefined;
  const due = analysed + skipped;
  const skippedShare = due === 0 ? 0 : skipped / due;
  const isOverloaded = due >= leastDue && skippedShare >= overloadedShare;
  const roomsTooMany = isOverloaded ? Math.min(rooms - 1, Math.ceil(rooms * skippedShare)) : 0;
  return { rooms, analysed, skipped, skippedShare, isOverloaded, roomsTooMany };
}
