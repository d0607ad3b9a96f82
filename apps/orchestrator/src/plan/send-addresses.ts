import type { DesiredRoom } from '@vigilia/protocol';
import type { Rules } from './rules.ts';
import type { StreamView } from './view.ts';

/** Gives each watcher of a room, its home or a dedicated processor, the camera's address where the room has one of its own. */
export function sendAddresses({ draft, watchers }: Rules): void {
  for (const processor of draft.view.processors.values()) {
    for (const [sourceId, stream] of processor.streams) {
      const address = draft.desired.get(sourceId)?.address;
      if (address === undefined || !isElsewhere(stream, address)) continue;
      const key = `address:${processor.instanceId}:${sourceId}:${address.set_at}`;
      // an address that the processor may not open stays wrong until it is corrected, and the camera that it has is better than none
      if (!watchers.commandable(processor) || draft.view.failures.get(key)?.code === 'invalid_params') continue;
      draft.act({
        kind: 'command',
        key,
        instanceId: processor.instanceId,
        command: { command: 'change_stream_uri', params: { source_id: sourceId, uri: address.uri } },
        why: 'the camera of the room has another address',
      });
    }
  }
}

/** An operator's own later `change_stream_uri` stays. */
function isElsewhere({ uri, setBy }: StreamView, address: NonNullable<DesiredRoom['address']>): boolean {
  if (uri === undefined || uri === address.uri) return false;
  const owner = setBy?.uri;
  return owner?.by !== 'operator' || Date.parse(owner.at) <= Date.parse(address.set_at);
}
