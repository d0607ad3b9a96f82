import { channels } from '@vigilia/protocol';
import { type ChannelBus, type Clock, OtherBootDetector } from '@vigilia/service';

/**
 * Watches our own status topic: another boot's status under our name is proof that another orchestrator uses our session. The
 * subscription is refreshed on every connection, because the session is persistent and the other one's status was published
 * while we were pushed out.
 */
export async function watchOwnStatus(options: {
  readonly bus: ChannelBus;
  readonly clock: Clock;
  readonly instanceId: string;
  readonly bootId: string;
}): Promise<void> {
  const { bus, clock, instanceId, bootId } = options;
  const otherBoot = new OtherBootDetector(bootId, clock.now());
  await bus.subscribe(
    channels.orchestratorStatus,
    ({ value }) => {
      if (value?.instance_id === instanceId && otherBoot.isProof(value, true)) bus.bus.takenOver();
    },
    { refresh: true },
  );
}
