import { z } from 'zod';
import { limit, seconds, share } from './limit.ts';

/** When it is a fall. Everything in seconds, never in frames: rates change in the middle of a fall. */
export const timing = z.strictObject({
  /** "Abrupt": seen up or in bed at most this long before the first LOW: the fall itself was between two looks. */
  abruptSeconds: seconds(10),
  /** …or so many sampling intervals: at a frame every 10 s nothing in between was looked at. */
  abruptIntervals: limit(2, 0, 10),
  /** Looked at more often than this (interval), somebody who comes in is seen on their feet; then an empty room proves nothing. */
  cameInIntervalSeconds: seconds(4),
  /** Up to this long, where nothing was seen of the person in between: detectors lose people who lie. */
  abruptUnseenSeconds: seconds(60),
  /** CANDIDATE → DOWN: at least so many LOW: one may be a glitch of the detector. */
  downObservations: z.int().min(1).max(100).default(2),
  /** …over at least so long: somebody who bends down or ties a shoe is up again by then. */
  downSeconds: seconds(5),
  /** …in at least this share of the observations that saw the person: a lying body is not LOW now and then. */
  downShare: share(0.6),
  /** DOWN → ALARM after an abrupt change: long enough for somebody who gets up at once. */
  abruptAlarmSeconds: seconds(20),
  /** Not abrupt (lay down slowly, or was found lying): exercises and games on the floor are over by then, mostly. */
  slowAlarmSeconds: seconds(60),
  /** A fall nobody saw happen must look at least so much like a person on average: chairs and bags do not. */
  slowConfidence: share(0.25),
  /** Fewer of the LOW sights than this in the shape of somebody lying: sitting on the floor. */
  lyingShare: share(0.5),
  /** Sitting on the floor; a warning only: people play, pray and look for things there. */
  sittingAlarmSeconds: seconds(180),
  /** Seen so in at least this share of all frames: people who sit are found as surely as upright ones, legs of chairs not. */
  sittingShare: share(0.5),
  /** Lying on the floor for this long alarms whatever came before: a long lie is what harms. */
  longLieSeconds: seconds(120),
  /** Low, then out of sight away from an exit: longer than abrupt, as nobody sees that the person still lies. */
  vanishedAlarmSeconds: seconds(45),
  /** Seen low in turned pictures only: in at least this share of those looked at, or it is furniture that flickers. */
  turnedShare: share(0.4),
  /** Nobody gets up from the floor and walks sooner. */
  riseSeconds: seconds(3),
  /** Enough for that when seen low only once: so sure a sight of a person who was up just before. */
  vanishedConfidence: share(0.5),
  /** And so surely lying (width/height): just below the median of who lies (1.6–2.0), well above a stooping or crouching box. */
  vanishedRatio: limit(1.5, 0, 10),
  /** LOW counts as current for this long after the person was last seen so: a detector that blinks loses nobody for longer. */
  recentSeconds: seconds(5),
  /** …or so many sampling intervals: at a frame every 10 s one look that shows nobody must not make somebody vanish. */
  recentIntervals: limit(2, 0, 10),
  /** Up for so long: recovered. Who was helped to sit up and sinks down again is not up for three seconds. */
  recoverSeconds: seconds(3),
  /** …in at least so many observations: one box may be a helper. */
  recoverObservations: z.int().min(1).max(100).default(2),
  /** …and after an alarm in so many: what takes an alarm back must not be a chair that flickers beside the person. */
  recoverAlarmObservations: z.int().min(1).max(100).default(3),
  /** Somebody upright within this many H of the person is helping: the alarm waits, at most until then. */
  attendedHeights: limit(1.5, 0, 10),
  /** …at most until then: helpers who cannot get somebody up need help, too. */
  attendedSeconds: seconds(180),
  /** A suspicion that nothing confirmed for this long is dropped: as long as the burst and the slow alarm it waits for. */
  candidateSeconds: seconds(60),
  /** …or so many sampling intervals: at a frame every 30 s two looks after the first decide. */
  candidateIntervals: limit(3, 0, 100),
  /** Somebody out of sight cannot be seen low: they get so many times as long. */
  candidateUnseenFactor: limit(2, 1, 100),
  /** Up in the middle of the room, then out of sight: told, as it may be a fall behind furniture. */
  notVisibleSeconds: seconds(90),
  /**
   * A way out counts as reached when it was within walking distance of where the person was last seen. Between rare looks people
   * walk anywhere, so this much (H) is near; further off, only who had stayed at their place for as long as they could
   * not be seen counts as missed: who was walking through walked on.
   */
  notVisibleHeights: limit(1, 0, 100),
});

/** How much more a room may ask for when it is unsure. */
export const attention = z.strictObject({
  /** Frames a second of a burst: enough to see two LOW within `downSeconds`, and what the processor can spare. */
  burstFps: limit(2, 0.1, 30),
  /** How long a burst lasts: it ends when an abrupt fall is nearly due. */
  burstSeconds: seconds(15),
  /** Turned passes on every frame of a burst; otherwise only after frames that were not sure. */
  burstTurned: z.boolean().default(false),
  /** A burst may begin so much later, as the full decode of the camera opens first; its frames tell no usual interval. */
  burstLateSeconds: seconds(5),
  /** No second burst of a room within this time unless the change was abrupt. */
  burstPauseSeconds: seconds(60),
  /** Turned passes in a row for somebody low that may show nothing; then only within the allowance: a still scene stays so. */
  fruitlessPasses: z.int().min(0).max(1000).default(5),
  /** Somebody out of sight is searched in turned pictures for so long: a fall is over by then, and who left is far away. */
  searchSeconds: seconds(10),
  /** …or so many sampling intervals: one look may come too early. */
  searchIntervals: limit(2, 0, 10),
  /** Turned passes a room may ask for to search, per observation (two inferences each: 0.01 adds 2 %). */
  turnedPerObservation: share(0.01),
  /** …and saved at most: enough for one search after a quiet while. */
  turnedSaved: limit(3, 0, 1000),
  /** An UNSURE posture of this score is nearly LOW, and worth one of them. */
  nearlyLowScore: limit(1, -10, 10),
  /** The same for calm frames (per observation, and at most per second), to learn what in the room looks like people then. */
  clutterPerObservation: share(0.01),
  /** …and saved at most; a room nobody has looked at begins with all of them. */
  clutterSaved: limit(4, 0, 1000),
  /** The same thing: IoU of two finds. Lower than for people who stay (`restIou`), as turned finds of a thing change their shape with the light. */
  clutterIou: share(0.4),
  /** Finds that overlap a person in view by more than this (IoU) are that person, and teach nothing. */
  clutterApartIou: share(0.1),
  /** …or by this share of the find: a turned picture often shows an arm or a leg alone. */
  clutterApartShare: share(0.3),
  /** A find surer by so much than the thing alone ever was is somebody who lies there: noise moves a confidence by less. */
  clutterMargin: share(0.1),
  /** A thing not seen for so long has been carried away: it is looked for in every light of a day first. */
  clutterSeconds: seconds(86_400),
  /** So many things are kept, the latest: the state travels in one message, and a room that shows more teaches nothing. */
  clutterThings: z.int().min(1).max(256).default(16),
});

/** What keeps nights quiet. */
export const quiet = z.strictObject({
  /** A reminder of an alarm nobody acknowledged: often enough to be heard, too rare to be silenced. */
  reminderSeconds: seconds(300),
  /**
   * Things that never moved for this long and never had so many joints are furniture: coats, curtains. Nobody awake sits so
   * still, and who sleeps in a chair has joints or moves the box.
   */
  furnitureSeconds: seconds(1800),
  /** …and never had so many joints: a model sees five joints in a person, not in a coat. */
  furnitureJoints: z.int().min(0).max(17).default(5),
  /** Moved: IoU with the place of rest below this. A step moves an upright box by more than half its width; jitter does not. */
  restIou: share(0.5),
  /** Walked: head and feet moved so far, in H. Boxes of people who sit still change their shape, not their place. */
  walkedHeights: limit(0.5, 0, 10),
});
