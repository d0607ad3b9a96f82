import type { Box } from '../detection/detection.ts';
import type { ByPosture } from '../posture/posture-model.ts';
import type { Cohort } from './cohorts.ts';
import type { Place } from './movement.ts';
import type { ByState } from './states.ts';

/** Since when a person has not moved, and where their box was. */
export interface StillPerson {
  readonly sinceMs: number;
  readonly box: Box;
}

/** One person followed over time. Lengths in image heights; times in milliseconds on the caller's clock. */
export interface Track {
  readonly id: number;
  readonly belief: ByState;
  readonly cohorts: readonly Cohort[];
  /** Centre of the last box, and about the standing height there. */
  readonly place: Place;
  readonly scale: number;
  readonly box: Box;
  /** Standing height of this person as last measured while up or on a chair; undefined: never. */
  readonly ownHeight?: number | undefined;
  /** Row of the feet where that was measured: elsewhere a person looks smaller or larger. */
  readonly ownFeet?: number | undefined;
  readonly confidence: number;
  readonly firstAtMs: number;
  readonly seenAtMs: number;
  /** Looks that showed the person. */
  readonly sights: number;
  /** Running mean of the person score. */
  readonly person: number;
  /** Had a person score of at least `sureScore` once, or walked. */
  readonly sure: boolean;
  /** Mean of the judged posture, and the place, since the person last moved or changed shape. */
  readonly posture: ByPosture;
  readonly restPlace: Place;
  /** Weights of the looks since the person last moved or changed shape, and since the person was last seen. */
  readonly sameSights: number;
  readonly sameMisses: number;
  /** How low the last strong sight was: lying + ½ sitting on the floor, 0..1. */
  readonly low: number;
  /** Where the person stood when they last had walked, and when they arrived there. */
  readonly walkedTo: Place;
  readonly walkedAtMs: number;
  /** First look that did not show the person, since then. */
  readonly missingAtMs?: number | undefined;
  readonly toldMissing: boolean;
  /** Since when the person has not moved at all, in looks that followed closely on one another. */
  readonly still?: StillPerson | undefined;
  /** Last clear sight of the person standing, elsewhere than where something low was seen. */
  readonly upAtMs?: number | undefined;
  /** Last look that showed the person whole, not cut off by an edge of the frame, and not where something low was seen before. */
  readonly wholeAtMs?: number | undefined;
  /** Frames close together showed the person go down since. */
  readonly wentDown?: boolean | undefined;
  /** Last low sight since then of what was seen in the same place before, a thing that the person hid; or a later one that was not low. */
  readonly thingAtMs?: number | undefined;
  /** Moved, or was a person by their joints away from taught things: stays a person there. Kept only in rooms with taught things. */
  readonly confirmed?: boolean | undefined;
}
