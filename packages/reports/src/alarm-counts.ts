import { type AlarmJudgement, judgementOf } from '@vigilia/protocol';
import type { IncidentRecord } from './records.ts';

/** Alarms by what people found: a person on the floor (`true`), none (`false`), or no verdict (`unknown`). */
export type AlarmCounts = Readonly<Record<AlarmJudgement, number>>;

/** One alarm of an incident. */
export interface RaisedAlarm {
  readonly sourceId: number;
  readonly atMs: number;
  readonly judgement: AlarmJudgement;
}

/** Returns the alarms of incidents; those of drills are none. */
export function raisedAlarms(incidents: readonly IncidentRecord[]): RaisedAlarm[] {
  return incidents
    .filter(({ drill }) => !drill)
    .flatMap(({ source_id: sourceId, alarms, outcome }) =>
      alarms.map((at) => ({ sourceId, atMs: Date.parse(at), judgement: judgementOf(outcome) })),
    );
}

export function countByVerdict(alarms: readonly RaisedAlarm[]): AlarmCounts {
  const counts = { true: 0, false: 0, unknown: 0 };
  for (const { judgement } of alarms) {
    counts[judgement] += 1;
  }
  return counts;
}

/** Returns the share of false alarms among those with a verdict, 0..1; undefined while there are none. */
export function falseShare(counts: AlarmCounts): number | undefined {
  const judged = counts.true + counts.false;
  return judged === 0 ? undefined : counts.false / judged;
}

/** Puts values into groups, in the order in which their keys first appear. */
export function groupBy<K, T>(values: readonly T[], keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [value]);
    } else {
      group.push(value);
    }
  }
  return groups;
}
