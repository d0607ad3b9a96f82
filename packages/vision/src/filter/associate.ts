import { assign } from '../track/assignment.ts';
import { firstSight, firstSightDensity, knownThingDensity, sightLikelihood, thingDensity } from './evidence.ts';
import { type Movement, movementDensities, movementLikelihood, weakReach } from './movement.ts';
import { ownHeightAt } from './own-height.ts';
import type { Sight } from './sight.ts';
import { carried, sumOver, type Transitions } from './states.ts';
import { isKnownThing, type Thing } from './things.ts';
import type { Track } from './track.ts';

/** A sight that continues a track. */
export interface SightLink {
  readonly sight: Sight;
  readonly movement: Movement;
}

/** The look that is associated. */
export interface Look {
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
export function associate(tracks: readonly Track[], sights: readonly Sight[], look: Look): (SightLink | undefined)[] {
  const links: (SightLink | undefined)[] = tracks.map(() => undefined);
  const pairs = tracks.map((track) => sights.map((sight) => linkCost(track, sight, look)));
  const costs = tracks.map((track, row) => [
    ...(pairs[row] ?? []).map((pair, column) => pair.cost - newCost(sights[column] as Sight, look.things)),
    ...tracks.map((other) => (other === track ? missCost(track, look) : impossible * 10)),
  ]);
  for (const { row, column } of assign(shifted(costs), impossible)) links[row] = pairs[row]?.[column]?.link;
  return links;
}

/** The assignment wants no negative costs; the same for each row changes nothing. */
function shifted(costs: readonly (readonly number[])[]): number[][] {
  const lowest = Math.min(0, ...costs.flat());
  return costs.map((row) => row.map((cost) => cost - lowest));
}

const missCost = (track: Track, { transitions }: Look): number => {
  const belief = carried(track.belief, transitions);
  return -Math.log(sumOver((state) => belief[state] * sightLikelihood.none[state]) + least);
};

/** What it costs to link a sight with no track: it is a new person, or a thing. */
function newCost(sight: Sight, things: readonly Thing[]): number {
  const known = isKnownThing(sight.box, things) ? knownThingDensity * (1 - sight.person) : 0;
  const unknown = sight.strong
    ? sumOver((state) => firstSight[state] * sight.likelihood[state]) * firstSightDensity
    : thingDensity;
  return -Math.log(known + unknown + least);
}

interface Pair {
  readonly cost: number;
  readonly link?: SightLink;
}

function linkCost(track: Track, sight: Sight, look: Look): Pair {
  const scale = Math.max(track.scale, sight.scale);
  const distance = Math.hypot(sight.place.x - track.place.x, sight.place.y - track.place.y) / scale;
  const offered =
    sight.strong || (track.sure && distance <= weakReach(look.elapsedSeconds) && !isKnownThing(sight.box, look.things));
  if (!offered) return { cost: impossible * 10 };
  const movement = movementDensities(distance, look.elapsedSeconds);
  const moves = movementLikelihood(movement, !sight.strong);
  const seen = sightLikelihood[sight.strong ? 'strong' : 'weak'];
  const own = asOwn(sight, track);
  const probability = sumOver(
    (to) =>
      sumOver((from) => track.belief[from] * look.transitions[from][to] * moves[from][to]) *
      own.likelihood[to] *
      seen[to],
  );
  return { cost: -Math.log(probability + least), link: { sight: own, movement } };
}

/** Judges a sight by the height of the person whose track it may continue, where the room does not know better. */
function asOwn(sight: Sight, track: Track): Sight {
  const ownHeight = ownHeightAt(track, sight.box.y2);
  if (ownHeight === undefined || sight.judgeAs === undefined) return sight;
  return { ...sight, ...sight.judgeAs(ownHeight) };
}
