import { type DesiredRoom, type FollowedSetting, followedSettings } from '@vigilia/protocol';
import type { Draft } from './draft.ts';

/** What operators have done so far is followed by now, gives way, and is not followed again. */
export function supersede(
  { view }: Draft,
  sourceId: number,
  { home, followed = {} }: DesiredRoom,
  change: Partial<Record<FollowedSetting, unknown>>,
): DesiredRoom['followed'] {
  const next = { ...followed };
  for (const setting of followedSettings) {
    const before = next[setting];
    if (before === undefined || setting === 'removed' || change[setting] === undefined) continue;
    const { during: _over, ...command } = before;
    next[setting] = { ...command, superseded: true };
  }
  const removal = view.processors.get(home)?.removed.get(sourceId);
  if (removal?.command_id !== undefined) {
    next.removed = { command_id: removal.command_id, instance_id: home, at: removal.at };
  }
  return Object.keys(next).length === 0 ? undefined : next;
}
