import { channels } from '@vigilia/protocol';
import { type ChannelBus, OtherBootDetector } from '@vigilia/service';

/**
 * Watches our own status topic: another boot's status under our name is proof that another orchestrator uses our session. The
 * subscription is refreshed on every connection, because the session is persistent and the other one's status was published
 * while we were pushed out.
 */
export async function watchOwnStatus(options: {
  readonly bus: ChannelBus;
  readonly term: number;
  readonly instanceId: string;
  readonly bootId: string;
}): Promise<void> {
  const { bus, term, instanceId, bootId } = options;
  const otherBoot = new OtherBootDetector(bootId, term);
  await bus.subscribe(
    channels.orchestratorStatus,
    ({ value }) => {
      if (value?.instance_id !== instanceId) return;
      const { boot_id, status, term: startedAt = 0 } = value;
      // each start has a later term; any message may have waited for the session
      if (otherBoot.isProof({ bootId: boot_id, status, startedAt, mayBeOld: true })) {
        bus.bus.takenOver();
      }
    },
    { refresh: true },
  );
}
