import type { Draft } from './draft.ts';
import { type Dedicated, labelOf, roomsOf } from './incident-state.ts';
import { stop } from './retire-dedicated.ts';
import type { Rules } from './rules.ts';
import { openIncident } from './take-falls.ts';

/**
 * A dedicated processor whose incident is unknown (the broker forgot it): its incident is rebuilt from its label, for it
 * may be the only one who watches that room. Only when home is seen watching, and the processor is old enough for the
 * fall to have been announced again, is it taken for a leftover and stopped.
 */
export function adoptOrphans(rules: Rules): void {
  for (const one of rules.dedicated.values()) {
    const label = labelOf(one);
    if (label === undefined || rules.draft.incident(label) !== undefined) continue;
    adopt(rules, one, label);
  }
}

function adopt(rules: Rules, one: Dedicated, label: string): void {
  const { draft, watchers } = rules;
  const sourceId = roomsOf(one).find((room) => draft.desired.has(room));
  const startedMs = one.runtime?.startedMs ?? one.processor?.bootSeenMs ?? draft.now.monoMs;
  const old = draft.reached(draft.now.monoMs - startedMs, draft.policy.timings.orphan_grace_seconds * 1000);
  if (sourceId === undefined) {
    if (old) {
      stop(rules, one.instanceId, 'its incident and its room are unknown', label);
    }
    return;
  }
  if (watchers.seenByAnyone(sourceId, one.instanceId)) {
    if (old) {
      stop(rules, one.instanceId, 'its incident is unknown, and the room is watched', label);
    }
    return;
  }
  if (!isViewOldEnough(draft)) return;
  openIncident(rules, {
    incidentId: label,
    sourceId,
    drill: false,
    eventIds: [],
    dedicated: one.instanceId,
    note: `rebuilt from ${one.instanceId}, which was found running`,
  });
}

/** The first seconds of a view: falls that are announced again come first, and bring more than a label can. */
function isViewOldEnough(draft: Draft): boolean {
  return draft.reached(draft.now.monoMs - draft.view.wholeSinceMs, 3000);
}
