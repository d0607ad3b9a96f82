import { boxCentre } from '../model/box.ts';
import type { Track } from '../track/track.ts';
import type { FallPolicy } from './fall-policy.ts';
import type { FallState } from './fall-state.ts';
import { trackStanding } from './room-context.ts';
import type { RoomState } from './room-state.ts';

type Fallen = Track & { fall: Exclude<FallState, { kind: 'none' }> };

const isFallen = (track: Track): track is Fallen => track.fall.kind !== 'none';

/** How much was told of it: nothing, the suspicion, the alarm. */
const told = { candidate: 0, down: 1, alarm: 2, quiet: 2 } as const;

/**
 * Names falls as the other watcher of the same room does. While a room is handed over two watch it, and a first LOW that both
 * see would be two falls with two alarms. The same fall: at the same place, and its first LOW at nearly the same time. Both
 * sides come to the same name, whoever hears first: of whoever told more of it, then of the earlier LOW, then the lesser one.
 * An alarm that was told keeps its name.
 * @param other what the other watcher published last
 */
export function adoptFalls(own: RoomState, other: RoomState, policy: FallPolicy): RoomState {
  const known = other.tracks.filter(isFallen);
  const apartMs = Math.max(policy.matching.adoptSeconds * 1000, own.intervalMs, other.intervalMs);
  const tracks = own.tracks.map((track) => {
    if (!isFallen(track) || told[track.fall.kind] === told.alarm) return track;
    const reach = policy.matching.mergeHeights * trackStanding(track, own, policy);
    const same = known.find((one) => lowApart(track, one) <= apartMs && distance(track, one) <= reach);
    return same && leads(same, track) ? named(track, same.fall.episode.fallId) : track;
  });
  return { ...own, tracks };
}

const lowApart = (a: Fallen, b: Fallen): number => Math.abs(a.fall.episode.lowAtMs - b.fall.episode.lowAtMs);

function distance(a: Fallen, b: Fallen): number {
  const [here, there] = [boxCentre(a.fall.episode.place), boxCentre(b.fall.episode.place)];
  return Math.hypot(here.x - there.x, here.y - there.y);
}

function leads({ fall: a }: Fallen, { fall: b }: Fallen): boolean {
  if (told[a.kind] !== told[b.kind]) return told[a.kind] > told[b.kind];
  if (a.episode.lowAtMs !== b.episode.lowAtMs) return a.episode.lowAtMs < b.episode.lowAtMs;
  return a.episode.fallId < b.episode.fallId;
}

const named = (track: Fallen, fallId: string): Track => ({
  ...track,
  fall: { ...track.fall, episode: { ...track.fall.episode, fallId } },
});
