import { randomUUID } from 'node:crypto';
import { type CommandEnvelope, createTopics, type RoomFall, type Status } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import { makePerson, makeStream } from '@vigilia/simulated-site';
import { PlayedProcessor } from '@vigilia/testing';

/** A processor with one room, in which a test lets the resident fall and get up. */
export class PlayedRoom {
  readonly #bus: Bus;
  readonly #instanceId: string;
  readonly #sourceId: number;
  readonly #processor: PlayedProcessor;
  #fall: RoomFall = { state: 'none' };
  #frames: ReturnType<typeof setInterval> | undefined;

  /** @param options.bus connected with the user of this processor */
  constructor(options: { bus: Bus; instanceId: string; sourceId: number }) {
    this.#bus = options.bus;
    this.#instanceId = options.instanceId;
    this.#sourceId = options.sourceId;
    this.#processor = new PlayedProcessor(options);
  }

  /** Publishes its status and its room, obeys every command, and publishes detections until `stop`. */
  async start(): Promise<void> {
    await this.#bus.subscribe(createTopics().commands, (message) => this.#obey(message.json() as CommandEnvelope));
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
    this.#fall = { state: 'alarm', low_since: lowSince, event_id: eventId, alarm_at: new Date().toISOString() };
    await this.#publishRoom();
    await this.#processor.event('fall_detected', this.#sourceId, {
      event_id: eventId,
      detected_at: lowSince,
      trace_id: eventId.replace('fall_detected-', ''),
    });
    return eventId;
  }

  async personGetsUp(): Promise<void> {
    this.#fall = { state: 'recovered' };
    await this.#publishDetections();
    await this.#publishRoom();
  }

  #publishRoom(): Promise<void> {
    return this.#processor.room(this.#sourceId, { fall: this.#fall });
  }

  #publishStatus(status: Status['status']): Promise<void> {
    const streams = [makeStream(this.#sourceId, { max_fps: 2 })];
    return this.#processor.status({ status, streams, health: 'ok', uptime_seconds: 60 });
  }

  #publishDetections(): Promise<void> {
    const posture = this.#fall.state === 'alarm' ? 'low' : 'up';
    return this.#processor.detections(this.#sourceId, { fps: 2, detections: [makePerson({ posture })] });
  }

  async #obey(command: CommandEnvelope) {
    const { target_instances: targets = ['*'] } = command;
    if (targets.includes('*') || targets.includes(this.#instanceId)) {
      await this.#processor.answer(command);
    }
  }
}
