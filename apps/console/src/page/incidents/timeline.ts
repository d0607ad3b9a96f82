import type { IncidentView } from '../../shared/view.ts';

export type StepName = keyof IncidentView['steps'] | 'detected';

export interface TimelineEntry {
  readonly step: StepName;
  readonly at: string;
  readonly by?: string;
  /** Since the alarm, ms; negative before it. */
  readonly afterMs: number;
}

/** Steps that a person did: `by` of the incident says who. */
const personal: Readonly<Partial<Record<StepName, readonly string[]>>> = {
  acknowledged: ['acknowledge', 'acknowledged'],
  resolved: ['resolve', 'resolved', 'helped', 'false_alarm', 'drill'],
};

/** What happened in an incident, in the order of time. */
export function timelineOf(incident: IncidentView): TimelineEntry[] {
  const start = new Date(incident.opened_at).getTime();
  const steps: [StepName, string][] = Object.entries(incident.steps) as [StepName, string][];
  if (incident.detected_at !== undefined) steps.push(['detected', incident.detected_at]);
  if (incident.steps.opened === undefined) steps.push(['opened', incident.opened_at]);
  return steps
    .map(([step, at]) => {
      const who = incident.by.find(({ what }) => personal[step]?.includes(what))?.who;
      const entry = { step, at, afterMs: new Date(at).getTime() - start };
      return who === undefined ? entry : { ...entry, by: who };
    })
    .sort((a, b) => a.afterMs - b.afterMs);
}
