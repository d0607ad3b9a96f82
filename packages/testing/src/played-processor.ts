import {
  type CommandEnvelope,
  createTopics,
  type DetectionsMessage,
  type EventType,
  type MetricsMessage,
  type RoomState,
  type Status,
  type VigiliaEvent,
} from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import {
  makeAck,
  makeDetections,
  makeEvent,
  makeMetrics,
  makeRoomState,
  makeStatus,
  type Sender,
} from '@vigilia/simulated-site';

const topics = createTopics();

/** A processor as other services know it, on a real broker, without cameras or a model: a test decides what it publishes. */
export class PlayedProcessor {
  readonly #bus: Bus;
  readonly #instanceId: string;
  #frames = 0;

  /** @param options.bus connected with a user who may publish as this processor */
  constructor(options: { readonly bus: Bus; readonly instanceId: string }) {
    this.#bus = options.bus;
    this.#instanceId = options.instanceId;
  }

  /** Publishes its retained status. */
  status(change: Partial<Status>): Promise<void> {
    return this.#bus.publish(topics.status(this.#instanceId), makeStatus(this.#sender, change), { retain: true });
  }

  /** Publishes its retained metrics. */
  metrics(change: Partial<MetricsMessage>): Promise<void> {
    const metrics = makeMetrics(this.#sender, change);
    return this.#bus.publish(topics.metrics(this.#instanceId), metrics, { retain: true, qos: 0 });
  }

  /** Publishes the retained state of a room. */
  room(sourceId: number, change: Partial<RoomState>): Promise<void> {
    const sender = this.#sender;
    const state = makeRoomState(sender, sourceId, { boot_id: sender.bootId, ...change });
    return this.#bus.publish(topics.room(sourceId), state, { retain: true });
  }

  /** Publishes what the next frame of a room shows. */
  detections(sourceId: number, change: Partial<DetectionsMessage>): Promise<void> {
    this.#frames += 1;
    const message = makeDetections(this.#sender, sourceId, { frame_id: this.#frames, ...change });
    return this.#bus.publish(topics.detections(sourceId), message, { qos: 0 });
  }

  /** Publishes an event of a room. */
  event(type: EventType, sourceId: number, change: Partial<VigiliaEvent>): Promise<void> {
    return this.#bus.publish(topics.event(type), makeEvent(this.#sender, type, sourceId, change));
  }

  /** Publishes the answers to a command that was carried out. */
  async answer(command: CommandEnvelope): Promise<void> {
    for (const ack_status of ['received', 'completed'] as const) {
      const ack = makeAck(this.#sender, command, { ack_status });
      for (const topic of [topics.ack(this.#instanceId), topics.ackShared]) {
        await this.#bus.publish(topic, ack);
      }
    }
  }

  get #sender(): Sender {
    const instanceId = this.#instanceId;
    return { instanceId, bootId: `${instanceId}-boot`, at: new Date().toISOString() };
  }
}
