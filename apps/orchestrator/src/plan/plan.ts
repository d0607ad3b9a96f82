import type { Policy } from '@vigilia/protocol';
import type { Plan } from './action.ts';
import { adoptOrphans } from './adopt-orphans.ts';
import { advanceIncidents } from './advance-incidents.ts';
import { allocate } from './allocate.ts';
import { assignRooms } from './assign-rooms.ts';
import { clearReplays } from './clear-replays.ts';
import { withdrawClips } from './clips.ts';
import { closeIncidents } from './close-incidents.ts';
import { countAlarms } from './count-alarms.ts';
import { Draft } from './draft.ts';
import { followOperators } from './follow-operators.ts';
import { keepStandbys } from './keep-standbys.ts';
import { clearGone, notePresence } from './presence.ts';
import { raiseOverrides } from './raise-overrides.ts';
import { recordWatchers } from './record-watchers.ts';
import { noteRelief, reliefOverrides } from './relief.ts';
import { removeRooms } from './remove-rooms.ts';
import { retireDedicated } from './retire-dedicated.ts';
import { applyEffectiveSettings } from './room-settings.ts';
import { createRules } from './rules.ts';
import { adoptRooms, followWards, seedRooms } from './seed-rooms.ts';
import { sendAddresses } from './send-addresses.ts';
import { sendCameraSettings } from './send-camera-settings.ts';
import { sendZones } from './send-zones.ts';
import { spawnDedicated } from './spawn-dedicated.ts';
import { takeFalls } from './take-falls.ts';
import { takeRequests } from './take-requests.ts';
import type { Now, View } from './view.ts';

/**
 * One round: what is to be recorded and done, given everything that is known. Pure: same view, policy and time give the
 * same plan, and a world that has become what the plan wants gives an empty one. The order of the rules is the order of
 * their causes: what people and falls reported, where the incidents stand, then what follows for processors and rooms.
 */
export function plan(view: View, policy: Policy, now: Now): Plan {
  const draft = new Draft({ view, policy, now });
  const rules = createRules(draft);
  seedRooms(rules);
  adoptRooms(rules);
  followWards(rules);
  followOperators(rules);
  takeFalls(rules);
  adoptOrphans(rules);
  takeRequests(rules);
  advanceIncidents(rules);
  const allocations = allocate(rules);
  spawnDedicated(rules, allocations);
  const wantedOverrides = [...raiseOverrides(rules, allocations), ...reliefOverrides(rules)];
  applyEffectiveSettings(rules, wantedOverrides);
  noteRelief(rules, wantedOverrides);
  assignRooms(rules);
  removeRooms(rules);
  sendAddresses(rules);
  sendZones(rules);
  sendCameraSettings(rules);
  recordWatchers(rules);
  retireDedicated(rules);
  keepStandbys(rules);
  notePresence(rules);
  closeIncidents(rules);
  clearGone(rules);
  countAlarms(rules);
  clearReplays(rules);
  withdrawClips(rules);
  return draft.finish();
}
