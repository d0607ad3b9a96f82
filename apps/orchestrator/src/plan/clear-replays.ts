import type { Draft } from './draft.ts';
import { byAge } from './incident-state.ts';
import type { Rules } from './rules.ts';

/** Replays that a site keeps: the broker holds them in memory, 32 kB each at most. */
export const maxReplays = 500;

/**
 * Clears the replays that the policy does not keep: all where they are disabled, else those that are too old, and the oldest
 * where there are too many. Where they are disabled no incident allows one any more, or its processors would publish it again. The
 * broker lets them expire by itself too; this also covers a policy that was changed since.
 */
export function clearReplays({ draft }: Rules): void {
  const { enabled, days } = draft.policy.replay;
  if (!enabled) {
    forbidReplays(draft);
  }
  const newestFirst = [...draft.view.replays].sort(([, a], [, b]) => b - a);
  for (const [at, [incidentId, fallAtMs]] of newestFirst.entries()) {
    const isKept = enabled && at < maxReplays;
    if (!isKept || draft.now.monoMs - fallAtMs >= days * 86_400_000) {
      draft.record({ kind: 'clear_replay', incidentId });
    }
  }
}

function forbidReplays(draft: Draft): void {
  for (const { incident_id: id, replay_until: until } of byAge(draft)) {
    if (until !== undefined) {
      draft.edit(id, { replay_until: undefined });
    }
  }
}
