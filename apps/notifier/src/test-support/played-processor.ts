import { randomUUID } from 'node:crypto';
import {
  type Ack,
  type CommandEnvelope,
  createTopics,
  type DetectionsMessage,
  type RoomFall,
  type Status,
} from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';

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
    await this.#bus.publish(topics.event('fall_detected'), {
      event_id: eventId,
      event: 'fall_detected',
      source_id: this.#sourceId,
      instance_id: this.#instanceId,
      timestamp: now(),
      detected_at: lowSince,
      severity: 'critical',
      trace_id: eventId.replace('fall_detected-', ''),
    });
    return eventId;
  }

  async personGetsUp(): Promise<void> {
    this.#fall = { state: 'recovered' };
    await this.#publishDetections();
    await this.#publishRoom();
  }

  async #publishRoom(): Promise<void> {
    const state = { source_id: this.#sourceId, watcher: this.#instanceId, boot_id: this.#bootId, since: now() };
    await this.#bus.publish(topics.room(this.#sourceId), { ...state, fall: this.#fall }, { retain: true });
  }

  async #publishStatus(status: Status['status']): Promise<void> {
    const body: Status = {
      instance_id: this.#instanceId,
      client_id: this.#instanceId,
      boot_id: this.#bootId,
      role: 'home',
      status,
      timestamp: now(),
      health: 'ok',
      uptime_seconds: 60,
      config: {
        model_id: 'light',
        max_fps: 2,
        confidence: 0.3,
        tracking: true,
        decode: 'auto',
        control: true,
      },
      config_source: 'flags',
      streams: [
        {
          source_id: this.#sourceId,
          uri: `rtsp://cameras/${this.#sourceId}`,
          model_id: 'light',
          max_fps: 2,
          confidence: 0.3,
          tracking: true,
          decode: 'auto',
          state: 'watching',
          zones_configured: true,
        },
      ],
    };
    await this.#bus.publish(topics.status(this.#instanceId), body, { retain: true });
  }

  async #publishDetections(): Promise<void> {
    this.#frame += 1;
    const posture = this.#fall.state === 'alarm' ? 'low' : 'up';
    const bbox = { x: 1, y: 1, width: 1, height: 1 };
    const body: DetectionsMessage = {
      instance_id: this.#instanceId,
      boot_id: this.#bootId,
      source_id: this.#sourceId,
      frame_id: this.#frame,
      timestamp: now(),
      model_id: 'light',
      inference_time_ms: 20,
      latency_ms: 30,
      fps: 2,
      detections: [{ class_name: 'person', confidence: 0.9, bbox, posture }],
    };
    await this.#bus.publish(topics.detections(this.#sourceId), body, { qos: 0 });
  }

  async #obey({ command, command_id: commandId = 'none', target_instances: targets = ['*'] }: CommandEnvelope) {
    if (!targets.includes('*') && !targets.includes(this.#instanceId)) return;
    for (const status of ['received', 'completed'] as const) {
      const ack: Ack = {
        instance_id: this.#instanceId,
        client_id: this.#instanceId,
        command,
        command_id: commandId,
        ack_status: status,
        timestamp: now(),
      };
      await this.#bus.publish(topics.ack(this.#instanceId), ack);
    }
  }
}
