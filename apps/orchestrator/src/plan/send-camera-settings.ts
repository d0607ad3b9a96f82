import { type CommandParams, type DesiredRoom, withoutUndefined } from '@vigilia/protocol';
import { authorOfDesired, isUnfollowed } from './follow-operators.ts';
import type { Rules } from './rules.ts';
import type { StreamView } from './view.ts';

/**
 * Sends each watcher of a room, its home or a dedicated processor, how the frames of its camera have to be corrected when it
 * does not do so: in a frame on its side no fall can be seen.
 */
export function sendCameraSettings({ draft, watchers }: Rules): void {
  for (const processor of draft.view.processors.values()) {
    for (const [sourceId, stream] of processor.streams) {
      const room = draft.desired.get(sourceId);
      if (room === undefined) continue;
      const correction = correctionOf(sourceId, room, stream);
      const key = `camera:${processor.instanceId}:${sourceId}`;
      if (correction === undefined || processor.status === 'starting' || !watchers.commandable(processor)) continue;
      if (draft.view.failures.has(key)) continue;
      if (isUnfollowed(draft, processor, sourceId, 'aspect') || isUnfollowed(draft, processor, sourceId, 'rotate'))
        continue;
      draft.act({
        kind: 'command',
        key,
        instanceId: processor.instanceId,
        command: { command: 'set_camera', params: correction },
        author: authorOfDesired(room, ['aspect', 'rotate']),
        why: 'it does not correct the picture of the room',
      });
    }
  }
}

function correctionOf(
  sourceId: number,
  room: DesiredRoom,
  stream: StreamView,
): CommandParams<'set_camera'> | undefined {
  const aspect = room.aspect === stream.aspect ? undefined : room.aspect;
  const rotate = room.rotate === (stream.rotate ?? 0) ? undefined : room.rotate;
  if (aspect === undefined && rotate === undefined) return undefined;
  return withoutUndefined({ source_id: sourceId, aspect, rotate });
}
