import { clipModeOf, type Incident } from '@vigilia/protocol';
import type { Draft } from './draft.ts';
import { byAge } from './incident-state.ts';
import type { Rules } from './rules.ts';

/** Returns what the policy lets a clip of a new incident in this room show, and for how long. */
export function clipOf({ policy, now }: Draft, sourceId: number): Incident['clip'] {
  const mode = clipModeOf(policy, sourceId);
  if (mode === undefined) return undefined;
  return { mode, until: new Date(now.wallMs + policy.clips.minutes * 60_000).toISOString() };
}

/** Takes the clip back from each incident that the policy, changed since, would not give it: its processors delete what they have. */
export function withdrawClips({ draft }: Rules): void {
  for (const { incident_id: id, source_id: sourceId, clip } of byAge(draft)) {
    if (clip !== undefined && clip.mode !== clipModeOf(draft.policy, sourceId)) {
      draft.edit(id, { clip: undefined });
    }
  }
}
