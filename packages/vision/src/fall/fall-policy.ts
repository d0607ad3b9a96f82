import { z } from 'zod';

const seconds = (fallback: number) => z.number().min(0).max(86_400).default(fallback);
const share = (fallback: number) => z.number().min(0).max(1).default(fallback);

/**
 * What a site may set about falls; `fallPolicySchema.parse({})` gives the defaults, unknown names are refused. Everything else is a
 * constant beside the formula that uses it (`filter/`, `posture/`, `zones/`).
 */
const fallPolicySchema = z.strictObject({
  /** On the floor for so long after having been seen otherwise: long enough for a person who gets up at once. */
  seenSeconds: seconds(15),
  /** Enough where the fall itself was observed and the person has not moved for `stillSeconds`. */
  observedSeconds: seconds(10),
  stillSeconds: seconds(8),
  /** The same for a person whose first sight was low already: exercises on the floor are over by then, mostly. */
  foundSeconds: seconds(60),
  /** Both for a person who surely sits on the floor, a warning only: people play, pray and look for things there. In between by probability. */
  sittingSeconds: seconds(90),
  foundSittingSeconds: seconds(180),
  /** While a helper stands by: helpers who cannot get a person up need help, too. */
  attendedSeconds: seconds(180),
  /** Times are multiplied by this where zones were never configured: without a bed zone a sleeper looks fallen. */
  unconfiguredFactor: z.number().min(1).max(10).default(2),
  /** Probability of having been on the floor for that long that raises the alarm. */
  alarmProbability: share(0.8),
  /** Probability of being on the floor from which the fall is suspected: as likely as not. */
  suspectedProbability: share(0.5),
  /** …and from which a room is looked at more often for a while. */
  burstProbability: share(0.25),
  burstFps: z.number().min(0.1).max(30).default(2),
  burstSeconds: seconds(15),
  /** A burst may begin so much later, as the full decode of the camera opens first. */
  burstLateSeconds: seconds(5),
  /** No second burst of a room within this time. */
  burstPauseSeconds: seconds(60),
  /** Off the floor for so long: recovered. A person who was helped to sit up and sinks down again is not up for three seconds. */
  recoverSeconds: seconds(3),
  /** A reminder of an alarm that was not acknowledged: often enough to be heard, too rare to be silenced. */
  reminderSeconds: seconds(300),
  /** Up in the middle of the room, then out of sight: reported, as it may be a fall behind furniture. */
  notVisibleSeconds: seconds(90),
});

export type FallPolicy = z.infer<typeof fallPolicySchema>;

export const defaultFallPolicy: FallPolicy = fallPolicySchema.parse({});
