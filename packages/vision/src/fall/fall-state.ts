import { z } from 'zod';

export const boxSchema = z.object({ x1: z.number(), y1: z.number(), x2: z.number(), y2: z.number() });

/** What is known of one time on the floor, from the first LOW on. Everything a person needs to judge the alarm. */
export const episodeSchema = z.object({
  /** Names the fall wherever it is told; the same after a change of watcher. */
  fallId: z.string(),
  /** First LOW: the time of the event. */
  lowAtMs: z.number(),
  lastLowAtMs: z.number(),
  /** Box of the last LOW, image heights. */
  place: boxSchema,
  /** Up or in bed just before. */
  abrupt: z.boolean(),
  /** Not seen up, but the room was empty just before: as short a wait as after an abrupt change, once it is sure. */
  cameIn: z.boolean().optional(),
  /** Observations of the episode that saw the person, of them LOW, of those lying (not sitting), and frames without. */
  seen: z.int(),
  low: z.int(),
  lying: z.int(),
  missed: z.int(),
  /** LOW observations that only a turned picture gave. */
  turnedLow: z.int(),
  /** Turned passes asked for, and of them those since the last LOW. */
  turnedLooks: z.int().default(0),
  fruitless: z.int().default(0),
  scoreSum: z.number(),
  /** In how many of the LOW observations each posture rule gave points. */
  rules: z.record(z.string(), z.int()).default({}),
  confidenceSum: z.number(),
  /** Time on the floor that counts; it holds while the posture is unsure and stands still while up. */
  timerMs: z.number(),
  timerAtMs: z.number(),
  running: z.boolean(),
  /** First UP (or in bed) of an unbroken row. */
  upAtMs: z.number().optional(),
  upCount: z.int(),
});
export type Episode = z.infer<typeof episodeSchema>;

export const severitySchema = z.enum(['warning', 'critical']);
export type Severity = z.infer<typeof severitySchema>;

/** The rule that raised an alarm. */
export const alarmRuleSchema = z.enum(['abrupt', 'slow', 'sitting', 'long_lie', 'vanished']);
export type AlarmRule = z.infer<typeof alarmRuleSchema>;

/** Where a track stands. `none`: up, sitting, in bed. `quiet`: a person resolved the alarm, nothing more until up. */
export const fallStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('candidate'), episode: episodeSchema }),
  z.object({ kind: z.literal('down'), episode: episodeSchema, downAtMs: z.number() }),
  z.object({
    kind: z.literal('alarm'),
    episode: episodeSchema,
    alarmAtMs: z.number(),
    remindedAtMs: z.number(),
    acknowledged: z.boolean(),
    severity: severitySchema,
    rule: alarmRuleSchema,
  }),
  z.object({ kind: z.literal('quiet'), episode: episodeSchema }),
]);
export type FallState = z.infer<typeof fallStateSchema>;
