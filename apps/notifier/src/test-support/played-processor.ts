import { randomUUID } from 'node:crypto';
import { type CommandEnvelope, createTopics, type RoomFall, type Status } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import {
  makeAck,
  makeDetections,
  makeEvent,
  makePerson,
  makeRoomState,
  makeStatus,
  makeStream,
  type Sender,
} from '@vigilia/simulated-site';

const topics = createTopics('nvr');
const now = () => new Date().toISOString();

/** A processor as the other services know it, without cameras or a model: a test plays what it sees in its only room. */
export class PlayedProcessor {
  readonly #bus: Bus;
  readonly #instanceId: string;
  readonly #sourceId: number;
  readonly #bootId = randomUUID();
  #fall: RoomFall = { state: 'none' };
  #frame = 0;
  #frames: ReturnType<typeof setInterval> | undefined;

  /** @param options.bus connected with the user of this processor */
  constructor(options: { bus: Bus; instanceId: string; sourceId: number }) {
    this.#bus = options.bus;
    this.#instanceId = options.instanceId;
    this.#sourceId = options.sourceId;
  }

  /** Publishes its status and its room, obeys every command, and publishes detections until `stop`. */
  async start(): Promise<void> {
    await this.#bus.subscribe(topics.commands, (message) => this.#obey(message.json() as CommandEnvelope));
    await this.#publishStatus('running');
    await this.#publishRoom();
    this.#frames = setInterval(() => void this.#publishDetections(), 500);
  }

  async stop(): Promise<void> {
    clearInterval(this.#frames);
    await this.#publishStatus('offline');
  }

  /** The person falls and is found to have been low for `lowForMs`. Returns the id of the event that reports it. */
  async personFalls(lowForMs: number): Promise<string> {
    const eventId = `fall_detected-${randomUUID()}`;
    const lowSince = new Date(Date.now() - lowForMs).toISOString();
    this.#fall = { state: 'alarm', low_since: lowSince, event_id: eventId, alarm_at: now() };
    await this.#publishRoom();
    const event = makeEvent(this.#sender, 'fall_detected', this.#sourceId, {
      event_id: eventId,
      detected_at: lowSince,
      trace_id: eventId.replace('fall_detected-', ''),
    });
    await this.#bus.publish(topics.event('fall_detected'), event);
    return eventId;
  }

  async personGetsUp(): Promise<void> {
    this.#fall = { state: 'recovered' };
    await this.#publishDetections();
    await this.#publishRoom();
  }

  get #sender(): Sender {
    return { instanceId: this.#instanceId, bootId: this.#bootId, at: now() };
  }

  async #publishRoom(): Promise<void> {
    const state = makeRoomState(this.#sender, this.#sourceId, { boot_id: this.#bootId, fall: this.#fall });
    await this.#bus.publish(topics.room(this.#sourceId), state, { retain: true });
  }

  async #publishStatus(status: Status['status']): Promise<void> {
    const streams = [makeStream(this.#sourceId, { max_fps: 2 })];
    const body = makeStatus(this.#sender, { status, streams, health: 'ok', uptime_seconds: 60 });
    await this.#bus.publish(topics.status(this.#instanceId), body, { retain: true });
  }

  async #publishDetections(): Promise<void> {
    this.#frame += 1;
    const posture = this.#fall.state === 'alarm' ? 'low' : 'up';
    const detections = [makePerson({ posture })];
    const body = makeDetections(this.#sender, this.#sourceId, { frame_id: this.#frame, fps: 2, detections });
    await this.#bus.publish(topics.detections(this.#sourceId), body, { qos: 0 });
  }

  async #obey(command: CommandEnvelope) {
    const { target_instances: targets = ['*'] } = command;
    if (!targets.includes('*') && !targets.includes(this.#instanceId)) return;
    for (const ack_status of ['received', 'completed'] as const) {
      await this.#bus.publish(topics.ack(this.#instanceId), makeAck(this.#sender, command, { ack_status }));
    }
  }
}
