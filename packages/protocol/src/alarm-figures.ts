import { z } from 'zod';
import {
  amountSchema,
  incidentIdSchema,
  nameSchema,
  recordSchema,
  roomKeySchema,
  sourceIdSchema,
  timestampSchema,
} from './fields.ts';
import { type IncidentOutcome, incidentOutcomes } from './incidents.ts';

/** Weeks that figures are kept for: the current one and the four before. */
export const keptFigureWeeks = 5;
/** Alarms that figures are made of; older ones make room. */
export const keptFigureAlarms = 1000;
export const weekMs = 7 * 86_400_000;

/** One alarm: an incident that is not a drill. */
const alarmRecordSchema = z.object({
  incident_id: incidentIdSchema,
  source_id: sourceIdSchema,
  opened_at: timestampSchema,
  /** The model and the rule that raised it; absent for reports that state none, such as those of other sensors. */
  model_id: nameSchema.optional(),
  rule: nameSchema.optional(),
  /** What a person found; absent while no person has given a verdict. */
  outcome: z.enum(incidentOutcomes).optional(),
});
export type AlarmRecord = z.infer<typeof alarmRecordSchema>;

/** How long rooms were watched in one week, and how long each model watched rooms, in hours. */
const watchedWeekSchema = z.object({
  /** Start of the week: a Monday, 00:00 UTC. */
  from: timestampSchema,
  room_hours: recordSchema(amountSchema, roomKeySchema),
  model_hours: recordSchema(amountSchema),
});
export type WatchedWeek = z.infer<typeof watchedWeekSchema>;

/** `nvr/orchestrator/alarm-figures`, retained: the alarms of the last weeks and the time in which rooms were watched. */
export const alarmFiguresSchema = z.object({
  alarms: z.array(alarmRecordSchema).max(keptFigureAlarms),
  weeks: z.array(watchedWeekSchema).max(keptFigureWeeks),
  updated_at: timestampSchema,
});
export type AlarmFigures = z.infer<typeof alarmFiguresSchema>;

/** Whether an alarm was right: a person was on the floor, whether or not they needed help. */
export const alarmJudgements = ['true', 'false', 'unknown'] as const;
export type AlarmJudgement = (typeof alarmJudgements)[number];

/** Returns what a verdict states about the alarm; `unknown` without a verdict. */
export function judgementOf(outcome: IncidentOutcome | undefined): AlarmJudgement {
  if (outcome === 'false_alarm') return 'false';
  return outcome === 'helped' || outcome === 'no_help_needed' ? 'true' : 'unknown';
}

/** The alarms of one room, or of one model and rule. */
export interface AlarmCount extends Readonly<Record<AlarmJudgement, number>> {
  readonly watchedWeeks: number;
  /** False alarms per room-week; undefined where less than a day was watched. */
  readonly falsePerWeek: number | undefined;
}

export interface AlarmSummary {
  /** Start of the period, ISO 8601; undefined before the first figure. */
  readonly since: string | undefined;
  readonly rooms: readonly (AlarmCount & { readonly sourceId: number })[];
  /** One entry per model and rule. A model watches with all its rules, so their room-weeks are the model's. */
  readonly models: readonly (AlarmCount & {
    readonly modelId: string | undefined;
    readonly rule: string | undefined;
  })[];
}

const hoursPerWeek = 168;
/** A rate per week from less than a day would not mean anything. */
const leastWeeks = 24 / hoursPerWeek;

/** Sums up alarms and watched time, per room and per model and rule. */
export function summariseAlarms({ alarms, weeks }: Pick<AlarmFigures, 'alarms' | 'weeks'>): AlarmSummary {
  const roomHours = totals(weeks.map((week) => week.room_hours));
  const modelHours = totals(weeks.map((week) => week.model_hours));
  const roomIds = new Set([...roomHours.keys(), ...alarms.map(({ source_id: id }) => String(id))]);
  const rooms = [...roomIds]
    .map((key) => {
      const count = countOf(
        alarms.filter((one) => String(one.source_id) === key),
        roomHours.get(key),
      );
      return { sourceId: Number(key), ...count };
    })
    .sort((a, b) => a.sourceId - b.sourceId);
  const groups = new Map<string, AlarmRecord[]>();
  for (const alarm of alarms) {
    const key = JSON.stringify([alarm.model_id ?? '', alarm.rule ?? '']);
    groups.set(key, [...(groups.get(key) ?? []), alarm]);
  }
  const models = [...groups.values()].map((group) => {
    const { model_id: modelId, rule } = group[0] ?? {};
    return { modelId, rule, ...countOf(group, modelHours.get(modelId ?? '')) };
  });
  const byName = (a: AlarmSummary['models'][number], b: AlarmSummary['models'][number]): number =>
    `${a.modelId} ${a.rule}`.localeCompare(`${b.modelId} ${b.rule}`);
  return { since: weeks[0]?.from, rooms, models: models.sort(byName) };
}

function totals(records: readonly Readonly<Record<string, number>>[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const record of records) {
    for (const [key, hours] of Object.entries(record)) {
      sums.set(key, (sums.get(key) ?? 0) + hours);
    }
  }
  return sums;
}

function countOf(alarms: readonly AlarmRecord[], hours = 0): AlarmCount {
  const count = (judgement: AlarmJudgement): number =>
    alarms.filter(({ outcome }) => judgementOf(outcome) === judgement).length;
  const watchedWeeks = hours / hoursPerWeek;
  const falseAlarms = count('false');
  return {
    true: count('true'),
    false: falseAlarms,
    unknown: count('unknown'),
    watchedWeeks,
    falsePerWeek: watchedWeeks < leastWeeks ? undefined : falseAlarms / watchedWeeks,
  };
}

/** Returns the start of the week of a time: Monday, 00:00 UTC. */
export function weekOf(ms: number): number {
  // 1970-01-05 was a Monday
  const mondayMs = 4 * 86_400_000;
  return Math.floor((ms - mondayMs) / weekMs) * weekMs + mondayMs;
}
