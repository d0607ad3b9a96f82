import { assign } from '../track/assignment.ts';
import {
  detectionLikelihood,
  firstDetectionStates,
  knownThingDensity,
  newPersonDensity,
  thingDensity,
} from './evidence.ts';
import { type Movement, movementDensities, movementLikelihood, weakReach } from './movement.ts';
import { ownHeightAt } from './own-height.ts';
import type { PersonDetection } from './person-detection.ts';
import { carried, sumOver, type Transitions } from './states.ts';
import { isKnownThing, type Thing } from './things.ts';
import type { Track } from './track.ts';

/** A sight that continues a track. */
export interface DetectionLink {
  readonly detection: PersonDetection;
  readonly movement: Movement;
}

/** The look that is associated. */
export interface AssociationContext {
  readonly transitions: Transitions;
  readonly elapsedSeconds: number;
  readonly things: readonly Thing[];
}

/** A pair costs more than this: impossible. */
const impossible = 1e5;
const least = 1e-30;

/**
 * Decides which sight continues which track: the assignment with the largest probability, among tracks that stay unseen and sights that
 * are new people or things. Weak sights continue only sure people.
 * @returns the link of each track, in order; undefined: not seen
 */
export function associate(
  tracks: readonly Track[],
  detections: readonly PersonDetection[],
  look: AssociationContext,
): (DetectionLink | undefined)[] {
  const links: (DetectionLink | undefined)[] = tracks.map(() => undefined);
  const pairs = tracks.map((track) => detections.map((detection) => linkCost(track, detection, look)));
  const costs = tracks.map((track, row) => [
    ...(pairs[row] ?? []).map(
      (pair, column) => pair.cost - newCost(detections[column] as PersonDetection, look.things),
    ),
    ...tracks.map((other) => (other === track ? missCost(track, look) : impossible * 10)),
  ]);
  for (const { row, column } of assign(shifted(costs), impossible)) {
    links[row] = pairs[row]?.[column]?.link;
  }
  return links;
}

/** The assignment wants no negative costs; the same for each row changes nothing. */
function shifted(costs: readonly (readonly number[])[]): number[][] {
  const lowest = Math.min(0, ...costs.flat());
  return costs.map((row) => row.map((cost) => cost - lowest));
}

const missCost = (track: Track, { transitions }: AssociationContext): number => {
  const belief = carried(track.belief, transitions);
  return -Math.log(sumOver((state) => belief[state] * detectionLikelihood.none[state]) + least);
};

/** What it costs to link a sight with no track: it is a new person, or a thing. */
function newCost(detection: PersonDetection, things: readonly Thing[]): number {
  const known = isKnownThing(detection.box, things) ? knownThingDensity * (1 - detection.person) : 0;
  const unknown = detection.strong
    ? sumOver((state) => firstDetectionStates[state] * detection.likelihood[state]) * newPersonDensity
    : thingDensity;
  return -Math.log(known + unknown + least);
}

interface Pair {
  readonly cost: number;
  readonly link?: DetectionLink;
}

function linkCost(track: Track, detection: PersonDetection, look: AssociationContext): Pair {
  const scale = Math.max(track.scale, detection.scale);
  const distance = Math.hypot(detection.place.x - track.place.x, detection.place.y - track.place.y) / scale;
  const offered =
    detection.strong ||
    (track.sure && distance <= weakReach(look.elapsedSeconds) && !isKnownThing(detection.box, look.things));
  if (!offered) return { cost: impossible * 10 };
  const movement = movementDensities(distance, look.elapsedSeconds);
  const moves = movementLikelihood(movement, !detection.strong);
  const seen = detectionLikelihood[detection.strong ? 'strong' : 'weak'];
  const own = asOwn(detection, track);
  const probability = sumOver(
    (to) =>
      sumOver((from) => track.belief[from] * look.transitions[from][to] * moves[from][to]) *
      own.likelihood[to] *
      seen[to],
  );
  return { cost: -Math.log(probability + least), link: { detection: own, movement } };
}

/** Judges a sight by the height of the person whose track it may continue, where the room does not know better. */
function asOwn(detection: PersonDetection, track: Track): PersonDetection {
  const ownHeight = ownHeightAt(track, detection.box.y2);
  if (ownHeight === undefined || detection.judgeAs === undefined) return detection;
  return { ...detection, ...detection.judgeAs(ownHeight) };
}
