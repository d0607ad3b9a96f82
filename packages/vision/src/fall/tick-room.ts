import type { Track } from '../track/track.ts';
import { type FallEffect, type FallInput, stepFall } from './fall-machine.ts';
import { isForgotten, isUnexplained } from './missing.ts';
import { alarmContext, type RoomSettings, type RoomView, roomView, trackStanding } from './room-context.ts';
import { fallNews, type RoomEffect, toPixels } from './room-effects.ts';
import type { RoomState } from './room-state.ts';

export type RoomStep = readonly [state: RoomState, effects: readonly RoomEffect[]];

/** Lets time pass: alarms that become due between frames, reminders, people out of sight for long. */
export function tickRoom(settings: RoomSettings, state: RoomState, atMs: number): RoomStep {
  const view = roomView(settings, state.image);
  const [stepped, effects] = tellAll(state, { kind: 'time' }, atMs, view);
  if (state.blindAtMs !== undefined) return [stepped, effects];
  const missing: RoomEffect[] = [];
  const tracks = stepped.tracks.flatMap((track): Track[] => {
    const unexplained = isUnexplained(track, trackStanding(track, stepped, view.policy), view.zones, view.policy);
    const due = atMs - track.seenAtMs >= view.policy.timing.notVisibleSeconds * 1000;
    if (unexplained && due && !track.toldMissing) {
      const box = toPixels(track.box, stepped.image);
      missing.push({ kind: 'person_not_visible', trackId: track.id, atMs, lastSeenAtMs: track.seenAtMs, box });
      return [{ ...track, toldMissing: true }];
    }
    return isForgotten(track, atMs, stepped.intervalMs, unexplained, view.policy) ? [] : [track];
  });
  return [{ ...stepped, tracks }, [...effects, ...missing]];
}

/** Gives every track's machine one input. */
export function tellAll(state: RoomState, input: FallInput, atMs: number, view: RoomView): RoomStep {
  const told: { effect: FallEffect; track: Track }[] = [];
  const tracks = state.tracks.map((track): Track => {
    const [fall, effects] = stepFall(track.fall, input, alarmContext(track, state, view, atMs), view.policy);
    told.push(...effects.map((effect) => ({ effect, track })));
    return fall === track.fall ? track : { ...track, fall };
  });
  return [{ ...state, tracks }, told.flatMap(({ effect, track }) => fallNews(effect, track, atMs, state.image))];
}
