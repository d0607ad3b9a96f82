import type { Draft } from './draft.ts';
import type { Rules } from './rules.ts';
import type { StreamView } from './view.ts';

/**
 * Takes rooms that were removed from each processor that monitors them, also from one that was offline then and comes back
 * with them by its own settings.
 */
export function removeRooms({ draft, watchers }: Rules): void {
  for (const processor of draft.view.processors.values()) {
    for (const [sourceId, stream] of processor.streams) {
      if (!isToBeRemoved(draft, sourceId, stream) || !watchers.commandable(processor)) continue;
      draft.act({
        kind: 'command',
        key: `remove:${processor.instanceId}:${sourceId}`,
        instanceId: processor.instanceId,
        command: { command: 'remove_stream', params: { source_id: sourceId } },
        why: 'the room was removed',
      });
    }
  }
}

/** Returns whether a room was removed and no operator has added it to this processor since. */
export function isToBeRemoved({ removedRooms }: Draft, sourceId: number, { setBy }: StreamView): boolean {
  const removedAt = removedRooms.get(sourceId);
  if (removedAt === undefined) return false;
  const owner = setBy?.stream;
  const isAddedSince = owner?.by === 'operator' && Date.parse(owner.at) > Date.parse(removedAt);
  return !isAddedSince;
}
