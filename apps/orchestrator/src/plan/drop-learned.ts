import type { Incident } from '@vigilia/protocol';
import type { Draft } from './draft.ts';

/** Removes what was learned from an incident, if anything was. Returns whether that changed the zones of its room. */
export function dropLearned(draft: Draft, { incident_id: id, source_id: sourceId }: Incident): boolean {
  const room = draft.desired.get(sourceId);
  const zones = room?.zones?.filter(({ learned }) => learned?.incident_id !== id);
  if (room === undefined || zones === undefined || zones.length === room.zones?.length) return false;
  draft.setDesired(sourceId, { ...room, zones });
  return true;
}
