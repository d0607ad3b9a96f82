import { CommandError, type CommandParams, type Topics } from '@vigilia/protocol';
import { type Bus, type Clock, clientIdFor } from '@vigilia/service';
import { offlineStatus } from '../publish/build-status.ts';
import type { Identity } from '../publish/identity.ts';
import type { Peers } from '../publish/peers.ts';

/** How long the broker may take to forget the old name. */
const CLEAR_LIMIT_MS = 2_000;

export interface RenameOptions {
  readonly bus: Bus;
  readonly topics: Topics;
  readonly identity: Identity;
  readonly peers: Peers;
  readonly clock: Clock;
  /** Keeps the new name over a restart. */
  persistName(instanceId: string): Promise<void>;
}

/**
 * Takes another name: client id, topics and last will move with it; the retained messages of the old name are cleared. What
 * watches goes on meanwhile.
 * @throws CommandError `invalid_params` when another processor lives under that name.
 */
export async function renameInstance(
  params: CommandParams<'rename_instance'>,
  options: RenameOptions,
): Promise<{ changed: boolean; old_instance_id: string; new_instance_id: string }> {
  const { bus, topics, identity, peers, clock, persistName } = options;
  const [oldId, newId] = [identity.instanceId, params.new_instance_id];
  const result = { changed: oldId !== newId, old_instance_id: oldId, new_instance_id: newId };
  if (!result.changed) return result;
  if (peers.isTaken(newId)) {
    const message = `Invalid parameter new_instance_id: another processor is called ${newId}`;
    throw new CommandError('invalid_params', message, { field: 'new_instance_id' });
  }
  await persistName(newId);
  const cleared = [topics.status(oldId), topics.metrics(oldId)].map((topic) =>
    // in the class of the statuses before it: order holds only within a class
    bus.publish(topic, '', { retain: true, class: 'answer' }),
  );
  const limit = new AbortController();
  await Promise.race([Promise.all(cleared), clock.sleep(CLEAR_LIMIT_MS, limit.signal).catch(() => {})]);
  limit.abort();
  identity.rename(newId);
  const will = { topic: topics.status(newId), payload: offlineStatus(identity, clock.now()), retain: true };
  await bus.reconnect({ clientId: clientIdFor(topics.prefix, newId), will });
  return result;
}
