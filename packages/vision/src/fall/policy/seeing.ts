import { z } from 'zod';
import { limit, seconds, share } from './limit.ts';

/** Which boxes are people at all. Confidences 0..1. */
export const observation = z.strictObject({
  /** Starts a track: the usual working point of the detectors, 98–100 % of upright people are above it. */
  startConfidence: share(0.25),
  /** Continues one: lying people score low (0.27–0.48 with the embedded model), and we know already that they are there. */
  continueConfidence: share(0.15),
  /**
   * A running mean (weight `trustWeight` a sight, from `trustAtFirst` of the first) of this makes a person sure; it falls by
   * `trustLost` when somebody was out of sight in between. Chairs that flicker as people stay below; only sure people
   * are searched, missed, helping, or seen to fall.
   */
  trustConfidence: share(0.35),
  /** Trust at the first sight, as a share of its confidence: one sight is not enough. */
  trustAtFirst: share(0.5),
  /** Weight of a sight in that mean: three sure sights make a person. */
  trustWeight: share(0.3),
  /** Share of the trust that is lost by having been out of sight: what flickers is not trusted. */
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
  /** Blips are no people: somebody must have been seen this often before being missed or measured. */
  knownObservations: z.int().min(1).max(1000).default(3),
  /** A joint counts from this visibility on; below, pose models guess. */
  jointVisibility: share(0.5),
});

/** How a box and its joints become LOW, UP or UNSURE: points that are summed. Ratios have no unit, angles are degrees. */
export const posture = z.strictObject({
  /** Width/height above this: `wideScore`. Median upright 0.38–0.45, lying 1.6–2.0. */
  wideRatio: limit(1.0, 0.2, 5),
  /** Points of a wide box: LOW by itself, as it is the best single sign. */
  wideScore: limit(2, 0, 5),
  /** From here to `wideRatio`: `broadScore`; a lying person seen from the feet, but also somebody crouching. */
  broadRatio: limit(0.8, 0.2, 5),
  /** Points of a broad box: a sign that needs another. */
  broadScore: limit(1, 0, 5),
  /** Below this: `narrowScore`; nobody lying across the picture is so narrow. */
  narrowRatio: limit(0.6, 0.1, 5),
  /** Points of a narrow box: UP by itself. */
  narrowScore: limit(-2, -5, 0),
  /** Height over a standing person's at that place: below, flat on the floor. Who sits on a chair is taller than half, on the floor shorter. */
  flatShare: share(0.5),
  /** Points of a flat box: with a broad one, LOW. */
  flatScore: limit(1.5, 0, 5),
  /**
   * Above this share of the standing height nobody lies, unless the box is wider than `tallRatio`, or wider than
   * `wideRatio` where the standing height was not learned at that place: people are taller in the picture when nearer.
   */
  tallShare: limit(0.75, 0, 2),
  /** …unless the box is wider than this: somebody long, lying near the camera. */
  tallRatio: limit(1.3, 0.2, 5),
  /** Points of a tall box: outweighs one weak sign, not two. */
  tallScore: limit(-1.5, -5, 0),
  /** Tilt of the torso from the vertical: who bends to a shoe or leans in an armchair stays below, who lies is near 90. */
  tiltedDegrees: limit(60, 0, 180),
  /** Points of a tilted torso: LOW by itself, as shoulders and hips were both seen. */
  tiltedScore: limit(2, 0, 5),
  /** Tilt below which the torso is upright; between both, as of who leans or is seen obliquely, it says nothing. */
  uprightDegrees: limit(35, 0, 180),
  /** Points of an upright torso: people who sit on the floor have one, too, so it is weak. */
  uprightScore: limit(-1, -5, 0),
  /** A torso shorter than this share of the box's longer side is seen end on: its direction says nothing. */
  torsoShare: share(0.12),
  /** Torso upright and ankles this many torso lengths below the shoulders: standing or on a chair, not on the floor. */
  standingTorsos: limit(1.5, 0, 5),
  /** Points for that instead: UP by itself. */
  standingScore: limit(-2, -5, 0),
  /** Head less than this share of the standing height above the ankles (or the lower edge of the box): lower than of somebody who sits on the floor. */
  headLowShare: share(0.35),
  /** Points of a low head: with a flat box, LOW. */
  headLowScore: limit(1.5, 0, 5),
  /** A box whose longer side is shorter than this share of a standing person is a foot, a hand, a bag. */
  smallestShare: share(0.35),
  /** LOW from this sum on: one strong sign, or two weak ones. */
  lowScore: limit(2, 0, 10),
  /** UP at or below this sum: as sure as LOW, as it ends a fall. In between is UNSURE, and the timer holds. */
  upScore: limit(-2, -10, 0),
});

/** How tall a standing person is at each place of the picture: learned from people who surely stand there. */
export const heights = z.strictObject({
  /** Rows of the picture that are learned apart: feet further down are nearer, so people are taller there. */
  bands: z.int().min(1).max(100).default(10),
  /** Only surer people teach: somebody half hidden is shorter, and scores less. */
  learnConfidence: share(0.5),
  /** A band counts from so many sights on: one may be a child, or somebody half hidden. */
  leastPeople: z.int().min(1).max(1000).default(3),
  /** Its mean forgets after so many: cameras are moved. */
  memoryPeople: z.int().min(1).max(1000).default(30),
  /** Taller people weigh so much more: crouching and cut-off ones are shorter than they are. */
  tallerWeight: limit(2, 1, 10),
  /** A band with people on one side only says nothing further away than this, in bands. */
  farthestBands: limit(2, 0, 100),
  /** The row (share of the picture's height) whose standing height is published for the room: feet are mostly there. */
  summaryRow: share(0.7),
  /** One person's own height (about the 90th percentile of the boxes): weight of a taller sight; ten times that of a shorter one, as the 90th percentile has it. */
  riseWeight: share(0.3),
  /** …and of a shorter one: people crouch and are hidden by furniture, so it sinks slowly. */
  sinkWeight: share(0.03),
});

/** Where people are. Shares are of areas or of a standing person's height. */
export const zones = z.strictObject({
  /** Share of the lower half of a box that must lie in a bed or sofa: people hang over the edge. */
  bedShare: share(0.5),
  /** Turned pictures show made beds as people: what lies in a bed by this share, or covers so much of one, is nobody. */
  turnedBedShare: share(0.25),
  /** …or covers so much of one. */
  turnedBedCover: share(0.6),
  /** Or this share of the whole box: legs hang down in front of the bed. */
  bedWholeShare: share(0.4),
  /** Or, of a box wider than this, so much of the upper half: boxes of sleepers reach down the side of the bed. */
  bedLyingRatio: limit(1.5, 0.2, 10),
  /** …at least so much of the upper half lies in the bed. */
  bedUpperShare: share(0.5),
  /**
   * How far (share of the standing height) the lower edge may be below the front edge of a bed and still be in it: a
   * mattress is half a metre above the floor, so who lies on the floor in front of it ends lower than that.
   */
  bedEdgeShare: share(0.3),
  /** Boxes that lie by this share in an `ignore` zone are nobody: more of them is in the mask than out of it. */
  ignoreShare: share(0.5),
  /** Who overlaps a bed by more than this share and goes out of sight has most likely lain down: a touch is enough, jitter is not. */
  besideBedShare: share(0.05),
  /**
   * A box nearer to the picture's border than this (share of its height) may have left through it; one that is so near to
   * both sides is the floor or a carpet, as a room is wider than a person is long.
   */
  borderShare: share(0.02),
  /** Times are multiplied by this where nobody configured zones: without a bed zone a sleeper looks fallen. */
  unconfiguredFactor: limit(2, 1, 10),
});

/** Who is who from one frame to the next. H = standing height of a person at that place. */
export const matching = z.strictObject({
  /**
   * Up to this time between frames motion can be predicted (ByteTrack); beyond, people are matched by place. A burst's two
   * frames a second are within it, jitter included: otherwise every second frame of theirs would be matched otherwise.
   */
  motionSeconds: seconds(0.65),
  /** One frame of the Kalman filter, as ByteTrack's noise figures are per frame of 30 a second video. */
  kalmanFrameSeconds: limit(1 / 30, 0.0001, 60),
  /** Least IoU in ByteTrack's first round: its own figure (match_thresh 0.8). */
  firstIou: share(0.2),
  /** …and in its second round, of weak boxes: its own figure (0.5). */
  secondIou: share(0.5),
  /** LOW people do not move: least IoU with the place where they were last seen low. Low, as an arm stretched out changes the box. */
  placeIou: share(0.3),
  /** A box that covers this much of where somebody lies shows a helper over them, not them getting up: who rises leaves the place's ends free. */
  coversPlaceShare: share(0.6),
  /** Foot points may move this far, in H, at once: the box of somebody falling jumps by about half a body. */
  gateHeights: limit(0.6, 0, 5),
  /** …and so far per second: a brisk walk (1.5 m/s of 1.7 m). */
  gateHeightsPerSecond: limit(0.9, 0, 1_000_000),
  /** A person lying is at most this far from where the same person stands up, in H, however long ago. */
  lowGateHeights: limit(1.5, 0, 10),
  /** Falls nearer to each other than this, in H, are one: parts of somebody lying are often seen as several boxes. */
  mergeHeights: limit(0.8, 0, 10),
  /**
   * Two watchers of one room (a hand-over) tell one fall where their first LOW of a place are at most this far apart, or a
   * sampling interval of the slower one: both looked, but not at the same moment.
   */
  adoptSeconds: seconds(5),
  /**
   * A find of a turned picture is at most this far, in H, from where a person just went out of sight: as far as
   * `lowGateHeights`, for the same reason (a step, and the length of the body that falls).
   */
  turnedGateHeights: limit(1.5, 0, 10),
  /** Two boxes of one person differ at most by this factor in their longer side: half hidden, and nearer to the camera. */
  sizeFactor: limit(3, 1, 20),
  /** What makes a pair less likely, in H of distance: having been out of sight. Half a step; it only decides between two. */
  missingCost: limit(0.5, 0, 10),
  /** …and a factor e between the sizes of the boxes: as much. */
  sizeCost: limit(0.5, 0, 10),
  /** Upright people unseen for this long are forgotten: in that time anybody has left, and somebody else may have come. */
  forgetSeconds: seconds(30),
  /** …or so many sampling intervals: two blinks of the detector are no departure. */
  forgetIntervals: limit(3, 0, 100),
});
