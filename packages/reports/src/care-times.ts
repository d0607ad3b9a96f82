import { quantile } from 'd3-array';
import type { IncidentRecord } from './records.ts';

/** The steps between an alarm and the end of its incident. */
const careSteps = [
  'alarm_to_acknowledged',
  'acknowledged_to_attended',
  'attended_to_closed',
  'alarm_to_closed',
] as const;
type CareStep = (typeof careSteps)[number];

/** How long a step took in the incidents in which both of its ends are known. */
export interface CareTime {
  readonly step: CareStep;
  readonly count: number;
  /** Undefined where no incident has both ends. Between two values the quantile is interpolated. */
  readonly medianMs: number | undefined;
  readonly p90Ms: number | undefined;
}

/** Returns how long each step took, from the first alarm of each incident; drills do not count. */
export function careTimes(incidents: readonly IncidentRecord[]): CareTime[] {
  const durations = incidents.filter(({ drill }) => !drill).map(durationsOf);
  return careSteps.map((step) => {
    const known = durations.flatMap((one) => one[step] ?? []);
    return { step, count: known.length, medianMs: quantile(known, 0.5), p90Ms: quantile(known, 0.9) };
  });
}

function durationsOf(incident: IncidentRecord): Readonly<Record<CareStep, number | undefined>> {
  const { alarms, acknowledged_at: acknowledged, attended_at: attended, closed_at: closed } = incident;
  return {
    alarm_to_acknowledged: msBetween(alarms[0], acknowledged),
    acknowledged_to_attended: msBetween(acknowledged, attended),
    attended_to_closed: msBetween(attended, closed),
    alarm_to_closed: msBetween(alarms[0], closed),
  };
}

/** Returns the milliseconds between two times (ISO 8601); undefined where one is unknown, or the second was before the first. */
export function msBetween(from: string | undefined, to: string | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  const ms = Date.parse(to) - Date.parse(from);
  return ms < 0 ? undefined : ms;
}
