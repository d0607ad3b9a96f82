import { z } from 'zod';

const limit = (fallback: number, minimum: number, maximum: number) =>
  z.number().min(minimum).max(maximum).default(fallback);
const seconds = (fallback: number) => limit(fallback, 0, 31_536_000);
const share = (fallback: number) => limit(fallback, 0, 1);

/** Which boxes are people at all. Confidences 0..1. */
const observation = z.object({
  /** Starts a track: the usual working point of the detectors, 98–100 % of upright people are above it. */
  startConfidence: share(0.25),
  /** Continues one: lying people score low (0.27–0.48 with the embedded model), and we know already that they are there. */
  continueConfidence: share(0.15),
  /**
   * A running mean (weight `trustWeight` a sight, from half the first) of this makes a person sure; it falls by
   * `trustLost` when somebody was out of sight in between. Chairs that flicker as people stay below; only sure people
   * are searched, missed, helping, or seen to fall.
   */
  trustConfidence: share(0.35),
  trustWeight: share(0.3),
  trustLost: share(0.3),
  /**
   * Continues one from a turned picture. These never start a track: they also show beds, carpets and chairs as people,
   * so they count only where a sure person was just out of sight, or low.
   */
  turnedContinueConfidence: share(0.25),
  /** Narrower (width/height) is nobody: curtains, clothes on a hook. */
  thinnestRatio: limit(0.18, 0, 1),
  /** Flatter (width/height) is nobody: people are at most 6 times as long as thick. Edges and skirtings of the picture. */
  flattestRatio: limit(6, 1, 100),
  /** Wider than this share of the picture is the floor or a carpet: a room is wider than a person is long. */
  widestShare: share(0.9),
  /** A joint counts from this visibility on; below, pose models guess. */
  jointVisibility: share(0.5),
});

/** How a box and its joints become LOW, UP or UNSURE: points that are summed. Ratios have no unit, angles are degrees. */
const posture = z.object({
  /** Width/height above this: `wideScore`. Median upright 0.38–0.45, lying 1.6–2.0. */
  wideRatio: limit(1.0, 0.2, 5),
  wideScore: limit(2, 0, 5),
  /** From here to `wideRatio`: `broadScore`; a lying person seen from the feet, but also somebody crouching. */
  broadRatio: limit(0.8, 0.2, 5),
  broadScore: limit(1, 0, 5),
  /** Below this: `narrowScore`; nobody lying across the picture is so narrow. */
  narrowRatio: limit(0.6, 0.1, 5),
  narrowScore: limit(-2, -5, 0),
  /** Height over a standing person's height at that place: below, flat on the floor. */
  flatShare: share(0.5),
  flatScore: limit(1.5, 0, 5),
  /**
   * Above this share of the standing height nobody lies, unless the box is wider than `tallRatio`, or wider than
   * `wideRatio` where the standing height was not learned at that place: people are taller in the picture when nearer.
   */
  tallShare: limit(0.75, 0, 2),
  tallRatio: limit(1.3, 0.2, 5),
  tallScore: limit(-1.5, -5, 0),
  /** Tilt of the torso from the vertical. */
  tiltedDegrees: limit(60, 0, 180),
  tiltedScore: limit(2, 0, 5),
  uprightDegrees: limit(35, 0, 180),
  uprightScore: limit(-1, -5, 0),
  /** Torso upright and ankles this many torso lengths below the shoulders: standing or on a chair, not on the floor. */
  standingTorsos: limit(1.5, 0, 5),
  standingScore: limit(-2, -5, 0),
  /** Head less than this share of the standing height above the ankles (or the lower edge of the box). */
  headLowShare: share(0.35),
  headLowScore: limit(1.5, 0, 5),
  /** A box whose longer side is shorter than this share of a standing person is a foot, a hand, a bag. */
  smallestShare: share(0.35),
  /** LOW from this sum on, UP at or below the other; between them the timer holds. */
  lowScore: limit(2, 0, 10),
  upScore: limit(-2, -10, 0),
});

/** Where people are. Shares are of areas or of a standing person's height. */
const zones = z.object({
  /** Share of the lower half of a box that must lie in a bed or sofa: people hang over the edge. */
  bedShare: share(0.5),
  /** Turned pictures show made beds as people: what lies in a bed by this share, or covers so much of one, is nobody. */
  turnedBedShare: share(0.25),
  turnedBedCover: share(0.6),
  /** Or this share of the whole box: legs hang down in front of the bed. */
  bedWholeShare: share(0.4),
  /** Or, of a box wider than this, so much of the upper half: boxes of sleepers reach down the side of the bed. */
  bedLyingRatio: limit(1.5, 0.2, 10),
  bedUpperShare: share(0.5),
  /**
   * How far (share of the standing height) the lower edge may be below the front edge of a bed and still be in it: a
   * mattress is half a metre above the floor, so who lies on the floor in front of it ends lower than that.
   */
  bedEdgeShare: share(0.3),
  /** A box nearer to the picture's border than this (share of its height) may have left through it. */
  borderShare: share(0.02),
  /** Times are multiplied by this where nobody configured zones: without a bed zone a sleeper looks fallen. */
  unconfiguredFactor: limit(2, 1, 10),
});

/** Who is who from one frame to the next. H = standing height of a person at that place. */
const matching = z.object({
  /** Up to this time between frames motion can be predicted (ByteTrack); beyond, people are matched by place. */
  motionSeconds: seconds(0.5),
  /** One frame of the Kalman filter, as ByteTrack's noise figures are per frame of 30 a second video. */
  kalmanFrameSeconds: limit(1 / 30, 0.0001, 60),
  /** ByteTrack: least IoU in the first round (match_thresh 0.8) and in the second, of weak boxes (0.5). */
  firstIou: share(0.2),
  secondIou: share(0.5),
  /** LOW people do not move: least IoU with the place where they were last seen low. */
  placeIou: share(0.3),
  /** Foot points may move this far, in H: at once (the box of somebody falling jumps), and per second (walking). */
  gateHeights: limit(0.6, 0, 5),
  gateHeightsPerSecond: limit(0.9, 0, 1_000_000),
  /** A person lying is at most this far from where the same person stands up, in H, however long ago. */
  lowGateHeights: limit(1.5, 0, 10),
  /** Falls nearer to each other than this, in H, are one: parts of somebody lying are often seen as several boxes. */
  mergeHeights: limit(0.8, 0, 10),
  /** A find of a turned picture is at most this far, in H, from where a person just went out of sight. */
  turnedGateHeights: limit(1, 0, 10),
  /** Two boxes of one person differ at most by this factor in their longer side. */
  sizeFactor: limit(3, 1, 20),
  /** Upright people unseen for this long (or three sampling intervals) are forgotten. */
  forgetSeconds: seconds(30),
});

/** When it is a fall. Everything in seconds, never in frames: rates change in the middle of a fall. */
const timing = z.object({
  /** "Abrupt": seen up or in bed at most this long (or this many sampling intervals) before the first LOW. */
  abruptSeconds: seconds(10),
  abruptIntervals: limit(2, 0, 10),
  /** Looked at more often than this, somebody who comes in is seen on their feet; then an empty room proves nothing. */
  cameInIntervalSeconds: seconds(4),
  /** Or this long, when nothing was seen of the person in between: detectors lose people who lie. */
  abruptUnseenSeconds: seconds(60),
  /** CANDIDATE → DOWN: at least so many LOW over so long, in this share of the observations that saw the person. */
  downObservations: z.int().min(1).max(100).default(2),
  downSeconds: seconds(5),
  downShare: share(0.6),
  /** DOWN → ALARM after an abrupt change: long enough for somebody who gets up at once. */
  abruptAlarmSeconds: seconds(20),
  /** Not abrupt (lay down slowly, or was found lying): exercises and games on the floor are over by then, mostly. */
  slowAlarmSeconds: seconds(60),
  /** A fall nobody saw happen must look at least so much like a person on average: chairs and bags do not. */
  slowConfidence: share(0.25),
  /** Sitting on the floor; a warning only. */
  sittingAlarmSeconds: seconds(180),
  /** Seen so in at least this share of all frames: people who sit are found as surely as upright ones, legs of chairs not. */
  sittingShare: share(0.5),
  /** Lying on the floor for this long alarms whatever came before. */
  longLieSeconds: seconds(120),
  /** Low, then out of sight away from an exit. */
  vanishedAlarmSeconds: seconds(45),
  /** Seen low in turned pictures only: in at least this share of all frames, or it is furniture that flickers. */
  turnedShare: share(0.4),
  /** Nobody gets up from the floor and walks sooner. */
  riseSeconds: seconds(3),
  /** Enough for that when seen low only once: so sure a sight of a person who was up just before. */
  vanishedConfidence: share(0.5),
  /** And so surely lying: width/height. */
  vanishedRatio: limit(1.5, 0, 10),
  /** LOW counts as current for this long (or two sampling intervals) after the person was last seen. */
  recentSeconds: seconds(5),
  /** Up for so long, in so many observations: recovered. */
  recoverSeconds: seconds(3),
  recoverObservations: z.int().min(1).max(100).default(2),
  /** Somebody upright within this many H of the person is helping: the alarm waits, at most until then. */
  attendedHeights: limit(1.5, 0, 10),
  attendedSeconds: seconds(180),
  /** A suspicion that nothing confirmed for this long (or three sampling intervals) is dropped. */
  candidateSeconds: seconds(60),
  /** Up in the middle of the room, then out of sight. */
  notVisibleSeconds: seconds(90),
});

/** How much more a room may ask for when it is unsure. */
const attention = z.object({
  burstFps: limit(2, 0.1, 30),
  burstSeconds: seconds(15),
  /** Turned passes on every frame of a burst; otherwise only after frames that were not sure. */
  burstTurned: z.boolean().default(false),
  /** A burst may begin so much later, as the full decode of the camera opens first; its frames tell no usual interval. */
  burstLateSeconds: seconds(5),
  /** No second burst of a room within this time unless the change was abrupt. */
  burstPauseSeconds: seconds(60),
  /** Turned passes in a row for somebody low that may show nothing; then only within the allowance: a still scene stays so. */
  fruitlessPasses: z.int().min(0).max(1000).default(5),
  /** Somebody out of sight is searched in turned pictures for so long, or two sampling intervals. */
  searchSeconds: seconds(10),
  /** Turned passes a room may ask for to search, per observation (two inferences each: 0.01 adds 2 %), and saved at most. */
  turnedPerObservation: share(0.01),
  turnedSaved: limit(3, 0, 1000),
  /** The same for calm frames, to learn what in the room looks like people then. */
  clutterPerObservation: share(0.02),
  clutterSaved: limit(4, 0, 1000),
  /** The same thing: IoU of two finds. */
  clutterIou: share(0.4),
  /** A find surer by so much than the thing alone ever was is somebody who lies there. */
  clutterMargin: share(0.1),
  /** A thing not seen for so long has been carried away. */
  clutterSeconds: seconds(86_400),
});

/** What keeps nights quiet. */
const quiet = z.object({
  /** A reminder of an alarm nobody acknowledged. */
  reminderSeconds: seconds(300),
  /** Things that never moved for this long and never had so many joints are furniture: coats, curtains. */
  furnitureSeconds: seconds(1800),
  furnitureJoints: z.int().min(0).max(17).default(5),
  /** Moved: IoU with the place of rest below this. */
  restIou: share(0.5),
  /** Walked: head and feet moved so far, in H. Boxes of people who sit still change their shape, not their place. */
  walkedHeights: limit(0.5, 0, 10),
});

/**
 * Every limit of fall detection in one place; `fallPolicySchema.parse({})` gives the defaults, any part may be given.
 * Names carry the unit: `…Seconds`, `…Degrees`, `…Heights` (standing body heights); shares are 0..1.
 */
export const fallPolicySchema = z.object({
  observation: observation.prefault({}),
  posture: posture.prefault({}),
  zones: zones.prefault({}),
  matching: matching.prefault({}),
  timing: timing.prefault({}),
  attention: attention.prefault({}),
  quiet: quiet.prefault({}),
});

export type FallPolicy = z.infer<typeof fallPolicySchema>;
/** The policy as a person writes it: only what differs from the defaults. */
export type FallPolicyInput = z.input<typeof fallPolicySchema>;

export const defaultFallPolicy: FallPolicy = fallPolicySchema.parse({});
