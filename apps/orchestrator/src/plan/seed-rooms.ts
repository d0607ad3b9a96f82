import { type DesiredRoom, type Policy, policyRooms, withoutUndefined } from '@vigilia/protocol';
import { isToBeRemoved } from './remove-rooms.ts';
import type { Rules } from './rules.ts';
import type { ObservedProcessor, StreamView } from './view.ts';

/** A room that is monitored and not desired becomes desired after this time: long enough for a broadcast to reach every processor. */
const adoptRoomAfterMs = 3000;

/** The desired room as the policy describes it; undefined when the policy does not name it. */
export function policyRoom(policy: Policy, sourceId: number): DesiredRoom | undefined {
  const room = policy.rooms[String(sourceId)];
  if (room === undefined) return undefined;
  const model = room.model_id ?? policy.quiet.model_id;
  return withoutUndefined({
    home: room.home,
    max_fps: room.max_fps ?? policy.quiet.max_fps,
    model_id: model,
    zones: room.zones,
    aspect: room.aspect,
    rotate: room.rotate,
    name: room.name,
    ward: room.ward,
  });
}

/** Desired state that was never written comes from the policy. */
export function seedRooms({ draft }: Rules): void {
  if (draft.view.desired !== undefined) return;
  const rooms = policyRooms(draft.policy);
  for (const sourceId of rooms) {
    draft.setDesired(sourceId, policyRoom(draft.policy, sourceId));
  }
  draft.markDesiredChanged();
}

/** Only the policy names wards: what it names now is desired, also of rooms that were seeded before. */
export function followWards({ draft }: Rules): void {
  for (const sourceId of policyRooms(draft.policy)) {
    const ward = draft.policy.rooms[String(sourceId)]?.ward;
    const room = draft.desired.get(sourceId);
    if (room === undefined || room.ward === ward) continue;
    draft.setDesired(sourceId, withoutUndefined({ ...room, ward }));
  }
}

/**
 * A room that homes monitor and that is not desired (added by a person, or by a processor's own flags) becomes desired as it
 * is. Where a broadcast gave it to several, the least loaded keeps it.
 */
export function adoptRooms({ draft, watchers }: Rules): void {
  const found = new Map<number, { sinceMs: number; home: ObservedProcessor }>();
  for (const home of watchers.homesByLoad()) {
    for (const [sourceId, stream] of home.streams) {
      if (draft.desired.has(sourceId) || isToBeRemoved(draft, sourceId, stream)) continue;
      const sinceMs = home.listedSince.get(sourceId) ?? draft.now.monoMs;
      const before = found.get(sourceId);
      // the first in this order is the least loaded; how long the room is there counts from the processor that had it first
      found.set(sourceId, { home: before?.home ?? home, sinceMs: Math.min(before?.sinceMs ?? sinceMs, sinceMs) });
    }
  }
  for (const [sourceId, { home, sinceMs }] of found) {
    const stream = home.streams.get(sourceId);
    if (stream === undefined || !draft.reached(draft.now.monoMs - sinceMs, adoptRoomAfterMs)) continue;
    const seed = policyRoom(draft.policy, sourceId);
    draft.setDesired(sourceId, { ...seed, home: home.instanceId, ...asSet(home, stream) });
  }
}

/** Rate and model as they were set, but for those that an incident left behind. */
function asSet({ defaults }: ObservedProcessor, { maxFps, modelId, setBy }: StreamView): Partial<DesiredRoom> {
  const byIncident = (setting: 'max_fps' | 'model_id'): boolean => setBy?.[setting]?.incident_id !== undefined;
  return {
    max_fps: byIncident('max_fps') ? (defaults.max_fps ?? maxFps) : maxFps,
    model_id: byIncident('model_id') ? (defaults.model_id ?? modelId) : modelId,
  };
}
