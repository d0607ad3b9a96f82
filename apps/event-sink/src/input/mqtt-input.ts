import type { Topics } from '@vigilia/protocol';
import type { Bus, BusMessage } from '@vigilia/service';

export interface MqttInputOptions {
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly topics: Topics;
  /** Resolves when the message is safe: only then the broker gets its acknowledgement. */
  readonly take: (message: BusMessage) => Promise<void>;
}

/**
 * Subscribes to everything that is recorded, before the bus connects (a persistent session may deliver at once). One subscription a kind, so
 * that kinds do not wait for each other's disk writes.
 */
export function subscribeAll({ bus, topics, take }: MqttInputOptions): void {
  const acknowledged = [
    topics.eventAny,
    topics.incidentAny,
    topics.roomAny,
    topics.statusAny,
    topics.ackAny,
    topics.metricsReport('+'),
    topics.commands,
    topics.orchestratorRooms,
    topics.orchestratorPolicy,
    topics.orchestratorCommands,
    topics.orchestratorStatus,
    topics.orchestratorAck,
  ];
  for (const filter of acknowledged) void bus.subscribe(filter, take, { qos: 1 });
  for (const filter of [topics.detectionsAny, topics.metricsAny]) void bus.subscribe(filter, take, { qos: 0 });
}
