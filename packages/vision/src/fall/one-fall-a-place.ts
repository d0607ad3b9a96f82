import { boxCentre } from '../model/box.ts';
import type { Track } from '../track/track.ts';
import type { FallPolicy } from './fall-policy.ts';
import type { Episode, FallState } from './fall-state.ts';

type Fallen = Track & { fall: Exclude<FallState, { kind: 'none' }> };

const isFallen = (track: Track): track is Fallen => track.fall.kind !== 'none';

/** A track that turned out to be part of another. */
export interface Absorbed {
  readonly from: number;
  readonly into: number;
}

/**
 * One fall a place. Somebody lying is often seen in parts (legs, a turned picture's second box), and each part would
 * become a fall of its own: falls within `mergeHeights` of an older one are the older one.
 * @param standingOf height of a standing person at a track's place, image heights
 */
export function mergeFalls(
  tracks: readonly Track[],
  standingOf: (track: Track) => number,
  policy: FallPolicy,
): { readonly tracks: Track[]; readonly absorbed: readonly Absorbed[] } {
  const absorbed: Absorbed[] = [];
  const kept = new Map<number, Track>(tracks.map((track) => [track.id, track]));
  const fallen = tracks.filter(isFallen).sort((a, b) => a.fall.episode.lowAtMs - b.fall.episode.lowAtMs || a.id - b.id);
  for (const [index, first] of fallen.entries()) {
    for (const part of fallen.slice(index + 1)) {
      const older = kept.get(first.id);
      if (!older || !isFallen(older) || !kept.has(part.id) || !samePlace(older, part, standingOf(older), policy))
        continue;
      kept.delete(part.id);
      kept.set(older.id, absorb(older, part));
      absorbed.push({ from: part.id, into: older.id });
    }
  }
  return { tracks: [...kept.values()], absorbed };
}

function samePlace(a: Fallen, b: Fallen, standing: number, policy: FallPolicy): boolean {
  const [here, there] = [boxCentre(a.fall.episode.place), boxCentre(b.fall.episode.place)];
  return Math.hypot(here.x - there.x, here.y - there.y) <= policy.matching.mergeHeights * standing;
}

/** The older fall goes on; what the part showed last, when it was newer and LOW, counts for it. */
function absorb(older: Fallen, part: Fallen): Track {
  const { missingAtMs: _, ...found } = older;
  const seen = part.missingAtMs === undefined && older.missingAtMs !== undefined;
  const base = seen ? { ...found, box: part.box, stance: part.stance, seenAtMs: part.seenAtMs } : older;
  return { ...base, fall: { ...older.fall, episode: joined(older.fall, part.fall.episode) } };
}

function joined(older: Fallen['fall'], part: Episode): Episode {
  const { episode } = older;
  // A fall that was just seen to happen leads, also where something low had been there before.
  const leads = part.abrupt && (older.kind === 'candidate' || (older.kind === 'down' && !episode.abrupt));
  if (leads) return { ...part, fallId: episode.fallId };
  if (part.lastLowAtMs <= episode.lastLowAtMs) return episode;
  const { upAtMs: _, ...rest } = episode;
  return {
    ...rest,
    place: part.place,
    lastLowAtMs: part.lastLowAtMs,
    running: true,
    fruitless: 0,
    upCount: 0,
    seen: rest.seen + 1,
    low: rest.low + 1,
    lying: rest.lying + (part.lying > 0 ? 1 : 0),
    turnedLow: rest.turnedLow + (part.turnedLow === part.low ? 1 : 0),
    scoreSum: rest.scoreSum + part.scoreSum / part.low,
    confidenceSum: rest.confidenceSum + part.confidenceSum / part.low,
  };
}
