import { assign } from '../track/assignment.ts';
import { firstSight, firstSightDensity, sightLikelihood, thingDensity } from './evidence.ts';
import { type Movement, movementDensities, movementLikelihood, weakReach } from './movement.ts';
import type { Sight } from './sight.ts';
import { carried, sumOver, type Transitions } from './states.ts';
import { isKnownThing, type Thing } from './things.ts';
import type { Track } from './track.ts';

/** A sight that continues a track. */
export interface Link {
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
 * are new people or things. Strong sights first; weak ones continue only the tracks left over, and only sure people.
 * @returns the link of each track, in order; undefined: not seen
 */
export function associate(tracks: readonly Track[], sights: readonly Sight[], look: Look): (Link | undefined)[] {
  const links: (Link | undefined)[] = tracks.map(() => undefined);
  const misses = tracks.map((track) => missCost(track, look));
  for (const strong of [true, false]) {
    const open = [...tracks.keys()].filter((index) => links[index] === undefined);
    const offered = sights.filter((sight) => sight.strong === strong);
    const pairs = open.map((index) => offered.map((sight) => linkCost(tracks[index] as Track, sight, look)));
    const costs = open.map((index, row) => [
      ...(pairs[row] ?? []).map((pair, column) => pair.cost - newCost(offered[column] as Sight)),
      ...open.map((other) => (other === index ? (misses[index] ?? 0) : impossible * 10)),
    ]);
    for (const { row, column } of assign(shifted(costs), impossible)) {
      const index = open[row];
      const pair = pairs[row]?.[column];
      if (index !== undefined && pair?.link !== undefined) links[index] = pair.link;
    }
  }
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

/** What it costs to leave a sight to nobody who is known: a new person, or a thing. */
function newCost(sight: Sight): number {
  if (!sight.strong) return -Math.log(thingDensity);
  return -Math.log(sumOver((state) => firstSight[state] * sight.likelihood[state]) * firstSightDensity + least);
}

interface Pair {
  readonly cost: number;
  readonly link?: Link;
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
  const probability = sumOver(
    (to) =>
      sumOver((from) => track.belief[from] * look.transitions[from][to] * moves[from][to]) *
      sight.likelihood[to] *
      seen[to],
  );
  return { cost: -Math.log(probability + least), link: { sight, movement } };
}
