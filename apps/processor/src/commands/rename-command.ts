import { CommandError, type CommandParams, channels, topicOf } from '@vigilia/protocol';
import { BusError, type ChannelBus, type Clock, clientIdFor, within } from '@vigilia/service';
import { offlineStatus } from '../publish/build-status.ts';
import type { Identity } from '../publish/identity.ts';
import type { Peers } from '../publish/peers.ts';

/** How long the broker may take to forget the old name. */
const CLEAR_LIMIT_MS = 2_000;

export interface RenameOptions {
  readonly bus: ChannelBus;
  readonly identity: Identity;
  readonly peers: Peers;
  readonly clock: Clock;
  /** Keeps the new name over a restart. */
  persistName(instanceId: string): Promise<void>;
}

/**
 * Takes another name: client id, topics and last will move with it; the retained messages of the old name are cleared. Monitoring
 * continues meanwhile.
 * @throws CommandError `invalid_params` when another processor has that name or the broker does not let this one publish under it;
 * nothing has changed then.
 */
export async function renameInstance(
  params: CommandParams<'rename_instance'>,
  options: RenameOptions,
): Promise<{ changed: boolean; old_instance_id: string; new_instance_id: string }> {
  const { bus, identity, peers, clock, persistName } = options;
  const [oldId, newId] = [identity.instanceId, params.new_instance_id];
  const result = { changed: oldId !== newId, old_instance_id: oldId, new_instance_id: newId };
  if (!result.changed) return result;
  if (peers.isTaken(newId)) {
    const message = `Invalid parameter new_instance_id: another processor is called ${newId}`;
    throw new CommandError('invalid_params', message, { field: 'new_instance_id' });
  }
  await ensureAllowed(oldId, newId, options);
  await persistName(newId);
  const old = { instance_id: oldId };
  const cleared = [bus.clear(channels.status, old), bus.clear(channels.metrics, old)];
  using limit = within(CLEAR_LIMIT_MS, undefined, { clock });
  await limit.waitFor(Promise.all(cleared));
  identity.rename(newId);
  const topic = topicOf(channels.status, { instance_id: newId }, bus.roots);
  const will = { topic, payload: offlineStatus(identity, clock.now()), retain: true };
  await bus.bus.reconnect({ clientId: clientIdFor(bus.roots.prefix, newId), will });
  return result;
}

/**
 * Asks the broker by clearing the status topic of the new name, which holds nothing that is alive. A broker that binds names to users
 * (as the shipped one) refuses it; one that speaks only MQTT 3.1.1 cannot.
 */
async function ensureAllowed(oldId: string, newId: string, { bus }: RenameOptions): Promise<void> {
  const topic = topicOf(channels.status, { instance_id: newId }, bus.roots);
  try {
    // the name was chosen by the sender of the command: a refusal is not a fault of this service
    await bus.bus.publish(topic, '', { retain: true, chosenByPeer: true });
  } catch (cause) {
    if (!(cause instanceof BusError) || cause.code !== 'refused') throw cause;
    const message = `Invalid parameter new_instance_id: the broker does not allow this processor to publish as ${newId}, so it is still called ${oldId}. Start it with --instance-id ${newId} and with a user name at the broker that may publish as ${newId}`;
    throw new CommandError('invalid_params', message, { field: 'new_instance_id', cause });
  }
}
