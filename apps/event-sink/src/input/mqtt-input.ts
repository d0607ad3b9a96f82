import type { ChannelBus, ReceivedOf, RejectedMessage } from '@vigilia/service';
import { type RecordedChannel, recordedChannels } from '../documents/sink-topic.ts';

export interface MqttInputOptions {
  readonly bus: ChannelBus;
  /** Resolves when the message is safe: only then the broker gets its acknowledgement. */
  readonly take: (message: ReceivedOf<RecordedChannel>) => Promise<void>;
  readonly takeRejected: (message: RejectedMessage) => Promise<void>;
}

/**
 * Subscribes to everything that is recorded, before the bus connects (a persistent session may deliver at once). One subscription
 * per channel, so that channels do not wait for each other's disk writes. Messages overlap, so that those that wait for the disk are
 * written and synced together: one by one they would be slower than a busy site publishes them.
 */
export function subscribeAll({ bus, take, takeRejected }: MqttInputOptions): void {
  void bus.subscribeAll(recordedChannels, take, { overlapping: true, onRejected: takeRejected });
}
