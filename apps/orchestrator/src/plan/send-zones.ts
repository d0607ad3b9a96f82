import { isDeepStrictEqual } from 'node:util';
import type { DesiredRoom } from '@vigilia/protocol';
import { authorOfDesired, isUnfollowed } from './follow-operators.ts';
import type { Rules } from './rules.ts';
import type { StreamView } from './view.ts';

/** Gives the home of a room the zones that are desired, where it has others; flags cannot state them. */
export function sendZones({ draft, watchers }: Rules): void {
  for (const [sourceId, room] of draft.desired) {
    const { home: instanceId, zones } = room;
    const home = watchers.processor(instanceId);
    const stream = home?.streams.get(sourceId);
    if (zones === undefined || home === undefined || stream === undefined || hasZones(stream, zones)) continue;
    const key = `zones:${instanceId}:${sourceId}`;
    if (!watchers.commandable(home) || draft.view.failures.has(key)) continue;
    if (isUnfollowed(draft, home, sourceId, 'zones')) continue;
    draft.act({
      kind: 'command',
      key,
      instanceId,
      command: { command: 'set_zones', params: { source_id: sourceId, zones } },
      author: authorOfDesired(room, ['zones']),
      why: 'the zones of the room are others',
    });
  }
}

/** A processor of an earlier version states only whether it has any. */
function hasZones({ setBy, zones, zonesConfigured }: StreamView, desired: NonNullable<DesiredRoom['zones']>): boolean {
  return setBy === undefined ? zonesConfigured : isDeepStrictEqual(zones, desired);
}
