import type { Policy } from '@vigilia/protocol';
import type { Plan } from './action.ts';
import { adoptOrphans } from './adoption.ts';
import { allocate } from './allocate.ts';
import { assignRooms } from './assignment.ts';
import { closeIncidents } from './closing.ts';
import { countAlarms } from './count-alarms.ts';
import { raiseOverrides } from './degraded.ts';
import { sendCameraSettings } from './desired-cameras.ts';
import { sendZones } from './desired-zones.ts';
import { Draft } from './draft.ts';
import { takeFalls } from './falls.ts';
import { advanceIncidents } from './lifecycle.ts';
import { followOperators } from './operator.ts';
import { clearGone, notePresence } from './presence.ts';
import { recordWatchers } from './record-watchers.ts';
import { noteRelief, reliefOverrides } from './relief.ts';
import { clearReplays } from './replays.ts';
import { takeRequests } from './requests.ts';
import { retireDedicated } from './retire.ts';
import { settleSettings } from './room-settings.ts';
import { createRules } from './rules.ts';
import { adoptRooms, followWards, seedRooms } from './seed-rooms.ts';
import { spawnDedicated } from './spawn.ts';
import { keepStandbys } from './standby.ts';
import type { Now, View } from './view.ts';

/**
 * One look: what is to be written down and done, given everything that is known. Pure: same view, policy and time give the
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
  settleSettings(rules, wantedOverrides);
  noteRelief(rules, wantedOverrides);
  assignRooms(rules);
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
  return draft.finish();
}
