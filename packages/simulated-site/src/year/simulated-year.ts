import type { Incident } from '@vigilia/protocol';
import type { Random } from '../random.ts';
import { madridWall } from './madrid-clock.ts';
import { yearIncident } from './year-incident.ts';
import type { YearTruth } from './year-truth.ts';

/** A minute of a room in which something was recorded. */
interface YearMinute {
  readonly sourceId: number;
  readonly roomName: string;
  readonly ward: string;
  readonly startMs: number;
  recordedMs: number;
  readonly frames: number;
  readonly gaps: { readonly unwatched: Record<string, number>; readonly blind: Record<string, number> };
}

/** What is recorded between two midnights in Madrid. */
export interface YearDay {
  readonly date: string;
  /** Incidents that begin on this day, in every state, in order. */
  readonly incidents: readonly Incident[];
  /** Minutes by room and time. All but those with gaps are summed up in one. */
  readonly minutes: readonly YearMinute[];
}

interface YearOptions {
  readonly rooms: readonly number[];
  /** Midnight in Madrid of the first day, epoch ms. */
  readonly startMs: number;
  readonly days: number;
  /** How likely a room has an incident, and a gap, on a day: 0..1. */
  readonly incidentRate: number;
  readonly gapRate: number;
}

const minuteMs = 60_000;
const hourMs = 3_600_000;
const unwatchedCauses = ['no_processor', 'processor_offline', 'no_results', 'unreachable'] as const;
const blindCauses = ['unreachable', 'dark', 'covered'] as const;

/** Returns the ward of a room of the simulated year. */
export function yearWard(room: number): string {
  return `${Math.floor(room / 10) + 1}`;
}

/** Makes up days of a site in Madrid, for reports, and adds to `truth` what every report must show of them. */
export function* simulatedYear(random: Random, options: YearOptions, truth: YearTruth): Iterable<YearDay> {
  let fromMs = options.startMs;
  for (let day = 0; day < options.days; day += 1) {
    const toMs = nextMidnight(fromMs);
    yield dayOf(random, options, { fromMs, toMs }, truth);
    fromMs = toMs;
  }
}

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

function dayOf(random: Random, options: YearOptions, { fromMs, toMs }: Span, truth: YearTruth): YearDay {
  const { rooms, incidentRate, gapRate } = options;
  const incidents: Incident[] = [];
  const minutes: YearMinute[] = [];
  for (const room of rooms) {
    if (random.next() < incidentRate) {
      incidents.push(...yearIncident(random, room, random.integer(fromMs, toMs - 1), truth));
    }
    minutes.push(...minutesOf(random, room, { fromMs, toMs }, random.next() < gapRate, truth));
  }
  return { date: new Date(madridWall(fromMs)).toISOString().slice(0, 10), incidents, minutes };
}

/** A gap ends before the last minute of the day, which has all that was recorded without a gap. */
function minutesOf(random: Random, room: number, span: Span, hasGap: boolean, truth: YearTruth): YearMinute[] {
  const minutes: YearMinute[] = [];
  if (hasGap) {
    const count = random.integer(1, 30);
    const last = (span.toMs - span.fromMs) / minuteMs - 1;
    const first = random.integer(0, last - count);
    const isBlind = random.next() < 0.4;
    const cause = random.pick(isBlind ? blindCauses : unwatchedCauses);
    for (let n = 0; n < count; n += 1) {
      const ms = random.integer(1, minuteMs);
      const causes = { [cause]: ms };
      const minute = minuteOf(room, span.fromMs + (first + n) * minuteMs, 3);
      Object.assign(isBlind ? minute.gaps.blind : minute.gaps.unwatched, causes);
      minutes.push(minute);
      countGap(truth, { room, isBlind, cause, ms });
    }
  }
  const rest = minuteOf(room, span.toMs - minuteMs, 8640);
  rest.recordedMs = span.toMs - span.fromMs - minutes.length * minuteMs;
  truth.recordedMs += span.toMs - span.fromMs;
  return [...minutes, rest];
}

function minuteOf(room: number, startMs: number, frames: number): YearMinute {
  return {
    sourceId: room,
    roomName: `Room ${room}`,
    ward: yearWard(room),
    startMs,
    recordedMs: minuteMs,
    frames,
    gaps: { unwatched: {}, blind: {} },
  };
}

function countGap(
  truth: YearTruth,
  { room, isBlind, cause, ms }: { room: number; isBlind: boolean; cause: string; ms: number },
): void {
  const causes = isBlind ? truth.blindMs : truth.unwatchedMs;
  causes.set(cause, (causes.get(cause) ?? 0) + ms);
  if (!isBlind) {
    truth.unwatchedOfRoomMs.set(room, (truth.unwatchedOfRoomMs.get(room) ?? 0) + ms);
  }
}

/** A day has 23, 24 or 25 hours. */
function nextMidnight(fromMs: number): number {
  const isMidnight = (ms: number): boolean => madridWall(ms) % (24 * hourMs) === 0;
  return [23, 24, 25].map((hours) => fromMs + hours * hourMs).find(isMidnight) ?? fromMs + 24 * hourMs;
}
