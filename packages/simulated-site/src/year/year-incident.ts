import type { Incident, IncidentOutcome, Verdict } from '@vigilia/protocol';
import { makeIncident } from '../messages.ts';
import type { Random } from '../random.ts';
import { madridWall } from './madrid-clock.ts';
import { countAlarm, type YearTruth } from './year-truth.ts';

const second = 1000;
const verdicts = [
  'helped',
  'helped',
  'helped',
  'no_help_needed',
  'false_alarm',
  'unknown',
  undefined,
  'drill',
] as const;

/** How one incident goes; times in epoch ms. */
interface IncidentCourse {
  readonly room: number;
  readonly alarms: readonly number[];
  readonly acknowledgedMs: number | undefined;
  readonly recoveredMs: number | undefined;
  /** Undefined: the incident closes without one. */
  readonly verdict: { readonly outcome: IncidentOutcome; readonly atMs: number } | undefined;
  readonly closedMs: number;
  /** What the verdict was before a person corrected it, after the end. */
  readonly corrected: boolean;
}

/** Returns an incident of a room that begins at this time, in each state that is published, and adds it to the truth. */
export function yearIncident(random: Random, room: number, alarmMs: number, truth: YearTruth): Incident[] {
  const course = planCourse(random, room, alarmMs);
  countTruth(course, truth);
  const { acknowledgedMs, closedMs, corrected, verdict } = course;
  const at = (atMs: number, outcome = verdict?.outcome): Incident => incidentAt(course, atMs, outcome);
  const states = [at(alarmMs + 300), ...(acknowledgedMs === undefined ? [] : [at(acknowledgedMs)])];
  if (!corrected) return [...states, at(closedMs)];
  const first = verdict?.outcome === 'false_alarm' ? 'helped' : 'false_alarm';
  return [...states, at(closedMs, first), at(closedMs + 300 * second)];
}

function planCourse(random: Random, room: number, alarmMs: number): IncidentCourse {
  const outcome = random.pick(verdicts);
  // only a verdict can end an incident that no person acknowledged
  const isAcknowledged = outcome === undefined || random.next() < 0.9;
  const acknowledgedMs = isAcknowledged ? alarmMs + random.integer(30, 900) * second : undefined;
  const fromMs = acknowledgedMs ?? alarmMs;
  const endMs = fromMs + random.integer(120, 1200) * second;
  const again = random.next() < 0.2 ? [alarmMs + random.integer(5, 25) * second] : [];
  const seenUp = outcome === undefined || random.next() < 0.4;
  return {
    room,
    alarms: [alarmMs, ...again],
    acknowledgedMs,
    recoveredMs: seenUp ? fromMs + random.integer(-25, 110) * second : undefined,
    verdict: outcome === undefined ? undefined : { outcome, atMs: endMs },
    closedMs: endMs + random.integer(1, 30) * second,
    corrected: (outcome === 'helped' || outcome === 'false_alarm') && random.next() < 0.2,
  };
}

function countTruth(
  { room, alarms, acknowledgedMs, recoveredMs, verdict, closedMs }: IncidentCourse,
  truth: YearTruth,
) {
  if (verdict?.outcome === 'drill') {
    truth.drills += 1;
    return;
  }
  const found = { helped: 'true', no_help_needed: 'true', false_alarm: 'false', unknown: 'unknown' } as const;
  for (const alarmMs of alarms) {
    countAlarm(truth, room, madridWall(alarmMs), verdict === undefined ? 'unknown' : found[verdict.outcome]);
  }
  const [alarmMs = 0] = alarms;
  const { durations } = truth;
  const helpedUp = acknowledgedMs !== undefined && recoveredMs !== undefined && recoveredMs >= acknowledgedMs;
  // a person is seen up at most 110 s after the acknowledgment, and every verdict comes later than that
  const attendedMs = helpedUp ? recoveredMs : verdict?.atMs;
  durations.alarmToClosed.push(closedMs - alarmMs);
  if (acknowledgedMs !== undefined) {
    durations.alarmToAcknowledged.push(acknowledgedMs - alarmMs);
  }
  if (acknowledgedMs !== undefined && attendedMs !== undefined) {
    durations.acknowledgedToAttended.push(attendedMs - acknowledgedMs);
  }
  if (attendedMs !== undefined) {
    durations.attendedToClosed.push(closedMs - attendedMs);
  }
}

function incidentAt(course: IncidentCourse, atMs: number, outcome: IncidentOutcome | undefined): Incident {
  const { room, alarms, acknowledgedMs, recoveredMs, verdict, closedMs } = course;
  const [alarmMs = 0] = alarms;
  const openedMs = alarmMs + 300;
  const id = `inc-${room}-${alarmMs}`;
  const incident = makeIncident(
    { home: 'processor-a', sourceId: room, at: iso(openedMs) },
    {
      incident_id: id,
      room_name: `Room ${room}`,
      drill: verdict?.outcome === 'drill',
      falls: alarms
        .filter((ms) => ms <= atMs)
        .map((ms, n) => ({ event_id: `${id}-${n}`, alarm_at: iso(ms), reported_at: iso(ms + 300) })),
      updated_at: iso(atMs),
    },
  );
  if (acknowledgedMs !== undefined && acknowledgedMs <= atMs) {
    incident.state = 'acknowledged';
    incident.steps.acknowledged = iso(acknowledgedMs);
    incident.acknowledged_at = iso(acknowledgedMs);
  }
  if (recoveredMs !== undefined && recoveredMs <= atMs) {
    incident.steps.recovered = iso(recoveredMs);
  }
  if (closedMs <= atMs) {
    incident.state = 'closed';
    incident.closed_at = iso(closedMs);
    if (verdict !== undefined && outcome !== undefined) {
      incident.verdict = verdictOf(outcome, verdict.atMs);
    }
  }
  return incident;
}

function verdictOf(outcome: IncidentOutcome, atMs: number): Verdict {
  return { outcome, by: 'Ana', at: iso(atMs), before: 'acknowledged' };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
