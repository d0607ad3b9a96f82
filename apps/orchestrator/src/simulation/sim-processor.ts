import type { Ack, RoomState, Status } from '@vigilia/protocol';
import { createTopics } from '@vigilia/protocol';
import type { SimClient, SimMessage } from './sim-broker.ts';
import { SimFalls } from './sim-falls.ts';
import { ackOf, detectionsOf, metricsOf, type Speaker, statusOf, streamOf } from './sim-messages.ts';
import type { SimProcessorOptions, SimStream } from './sim-processor-options.ts';

const topics = createTopics();
let boots = 0;

/** A processor as others see it: obeys commands, publishes detections, falls, statuses; may be killed at any moment. */
export class SimProcessor implements SimClient {
  readonly id: string;
  readonly persistent = false;
  readonly role: 'home' | 'dedicated';
  readonly bootId: string;
  readonly streams = new Map<number, SimStream>();
  alive = true;
  /** It lives, answers, and looks at nothing any more. */
  hangs = false;
  readonly #options: SimProcessorOptions;
  readonly #startedMs: number;
  readonly #falls: SimFalls;
  readonly #zoned = new Set<number>();
  #frame = 0;
  #status: Status['status'] = 'starting';
  #busyUntilMs = 0;
  #source: Status['config_source'];
  #unsent: { topic: string; body: unknown; retain: boolean }[] = [];

  constructor(options: SimProcessorOptions) {
    this.#options = options;
    this.id = options.instanceId;
    this.role = options.role;
    this.#source = options.source ?? 'flags';
    boots += 1;
    this.bootId = `boot-${boots}`;
    this.#startedMs = options.time.monoMs;
    const publish = (topic: string, body: unknown, more?: { retain?: boolean }): void =>
      this.#publish(topic, body, more);
    this.#falls = new SimFalls({ self: this.id, publish, iso: () => options.time.iso });
  }

  start(): void {
    this.#connect();
    this.#options.time.after(this.#options.startTakesMs, () => {
      if (!this.alive) return;
      for (const { sourceId, maxFps, modelId } of this.#options.streams)
        this.#take(sourceId, { maxFps, modelId, fromFlags: this.#source === 'flags' });
      this.#status = 'running';
      this.#publishStatus();
    });
    this.#heartbeat();
  }

  /** kill -9: the broker notices when the connection or the keepalive ends. */
  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    this.#options.broker.vanish(this.id, this.#options.random.between(10, 6000));
    this.#options.onKilled?.();
  }

  /** What a state folder would keep: undefined when it never came to watch anything. */
  get kept(): SimProcessorOptions['streams'] | undefined {
    if (this.#status === 'starting') return undefined;
    return [...this.streams].map(([sourceId, { maxFps, modelId }]) => ({ sourceId, maxFps, modelId }));
  }

  /** Commands reach it. */
  get obeys(): boolean {
    return this.alive && this.#status === 'running' && this.#options.broker.isOnline(this.id);
  }

  /** SIGTERM: says offline and leaves. */
  stop(): void {
    if (!this.alive) return;
    this.#status = 'offline';
    this.#publishStatus();
    this.alive = false;
    this.#options.broker.leave(this.id);
  }

  wants(topic: string): boolean {
    return (topic === topics.commands && this.#status !== 'starting') || topic.startsWith(topics.roomAny.slice(0, -1));
  }

  connected(): void {}

  disconnected(): void {
    if (!this.alive) return;
    this.#options.time.after(this.#options.random.between(250, 3000), () => this.#connect());
  }

  receive(message: SimMessage, done: () => void): void {
    done();
    if (message.topic === topics.commands) {
      this.#command(message.body as Record<string, unknown>);
      return;
    }
    const state = message.body as RoomState | undefined;
    // whoever watches a room goes by what it sees itself
    if (state !== undefined && !this.streams.has(state.source_id)) this.#falls.read(state);
  }

  #connect(): void {
    if (!this.alive || this.#options.broker.isOnline(this.id)) return;
    const will = {
      topic: topics.status(this.id),
      body: { ...this.#statusBody(), status: 'offline', streams: undefined },
    };
    if (!this.#options.broker.connect(this, will)) {
      this.disconnected();
      return;
    }
    for (const { topic, body, retain } of this.#unsent.splice(0)) this.#options.broker.publish(topic, body, { retain });
    this.#publishStatus();
    for (const sourceId of this.streams.keys()) {
      this.#falls.tellAgain(sourceId);
    }
  }

  #publish(topic: string, body: unknown, options: { retain?: boolean; qos?: 0 | 1 } = {}): void {
    const { broker } = this.#options;
    if (broker.isOnline(this.id)) broker.publish(topic, body, options);
    else if (options.qos !== 0) this.#unsent.push({ topic, body, retain: options.retain === true });
  }

  knowsZones(sourceId: number): boolean {
    return this.#zoned.has(sourceId);
  }

  get #speaker(): Speaker {
    return { instanceId: this.id, bootId: this.bootId, iso: this.#options.time.iso };
  }

  #statusBody(): Status {
    const { house, time, incidentId } = this.#options;
    const streams = [...this.streams].map(([sourceId, { modelId, maxFps, fromFlags }]) => {
      const [sees, zoned] = [house.room(sourceId).camera, this.#zoned.has(sourceId)];
      return streamOf({ sourceId, modelId, maxFps, sees, zoned, fromFlags });
    });
    const uptimeMs = time.monoMs - this.#startedMs;
    const source = this.#source;
    return statusOf(this.#speaker, { role: this.role, incidentId, status: this.#status, streams, uptimeMs, source });
  }

  #publishStatus(): void {
    if (this.alive) this.#publish(topics.status(this.id), this.#statusBody(), { retain: true });
  }

  #heartbeat(): void {
    this.#options.time.after(10_000, () => {
      if (!this.alive) return;
      this.#publish(topics.metrics(this.id), metricsOf(this.#speaker), { retain: true, qos: 0 });
      this.#heartbeat();
    });
  }

  #take(sourceId: number, settings: { maxFps: number; modelId: string; fromFlags: boolean }): void {
    const taken = !this.streams.has(sourceId);
    const turn = (this.streams.get(sourceId)?.turn ?? 0) + 1;
    this.streams.set(sourceId, { ...settings, turn });
    this.#options.house.room(sourceId).takenAtMs = this.#options.time.monoMs;
    // once it has read what the last watcher left
    if (taken)
      this.#options.time.after(100, () => this.alive && this.streams.has(sourceId) && this.#falls.tellRoom(sourceId));
    this.#options.time.after(this.#options.random.between(200, 1500), () => this.#look(sourceId, turn));
  }

  #look(sourceId: number, turn: number): void {
    const stream = this.streams.get(sourceId);
    if (!this.alive || stream === undefined || stream.turn !== turn) return;
    this.#options.time.after(1000 / stream.maxFps, () => this.#look(sourceId, turn));
    const room = this.#options.house.room(sourceId);
    if (!room.camera || this.hangs) return;
    this.#frame += 1;
    const { modelId, maxFps } = stream;
    const posture = room.person === 'up' ? 'up' : 'low';
    const body = detectionsOf(this.#speaker, { sourceId, frame: this.#frame, modelId, maxFps, posture });
    this.#publish(topics.detections(sourceId), body, { qos: 0 });
    this.#falls.look(sourceId, room);
  }

  #command(envelope: Record<string, unknown>): void {
    const targets = (envelope.target_instances as string[] | undefined) ?? ['*'];
    const named = targets.includes(this.id);
    if (!this.alive || (!named && (this.role === 'dedicated' || !targets.includes('*')))) return;
    const { random, time } = this.#options;
    const command = String(envelope.command);
    const id = (envelope.command_id as string | undefined) ?? `made-${random.next()}`;
    this.#ack(command, id, 'received');
    const takesMs = command === 'ping' ? 5 : random.between(20, command === 'add_stream' ? 2500 : 300);
    this.#busyUntilMs = Math.max(this.#busyUntilMs, time.monoMs) + takesMs;
    time.after(this.#busyUntilMs - time.monoMs, () => {
      if (!this.alive) return;
      if (command !== 'ping' && this.#source === 'flags') this.#source = 'mixed';
      const error = this.#apply(command, (envelope.params ?? {}) as Record<string, unknown>);
      if (error === undefined && command === 'stop') return this.stop();
      this.#publishStatus();
      this.#ack(command, id, error === undefined ? 'completed' : 'error', error);
    });
  }

  #apply(command: string, params: Record<string, unknown>): string | undefined {
    const sourceId = params.source_id as number | undefined;
    const rooms = sourceId === undefined ? [...this.streams.keys()] : [sourceId];
    const modelId = params.model_id as string | undefined;
    if (modelId !== undefined && !this.#options.models.includes(modelId)) return 'model_not_found';
    if (command === 'add_stream') {
      if (this.streams.has(sourceId as number)) return 'stream_exists';
      const settings = {
        maxFps: (params.max_fps as number | undefined) ?? 0.1,
        modelId: modelId ?? 'light',
        fromFlags: false,
      };
      if (params.zones !== undefined) this.#zoned.add(sourceId as number);
      this.#take(sourceId as number, settings);
      return undefined;
    }
    if (!rooms.every((room) => this.streams.has(room))) return 'unknown_stream';
    if (command === 'set_zones') for (const room of rooms) this.#zoned.add(room);
    for (const room of rooms) {
      const stream = this.streams.get(room);
      if (stream === undefined) continue;
      if (command === 'remove_stream') {
        this.streams.delete(room);
        this.#zoned.delete(room);
      } else if (command === 'set_fps') this.#tell(room, stream, { maxFps: params.max_fps as number });
      else if (command === 'change_model') this.#tell(room, stream, { modelId: modelId ?? stream.modelId });
      this.#falls.restart(room);
    }
    return undefined;
  }

  #tell(room: number, stream: SimStream, told: Partial<SimStream>): void {
    const { maxFps, modelId, fromFlags } = { ...stream, ...told };
    const asBefore = maxFps === stream.maxFps && modelId === stream.modelId;
    this.#take(room, { maxFps, modelId, fromFlags: fromFlags && asBefore });
  }

  #ack(command: string, commandId: string, status: Ack['ack_status'], code?: string): void {
    this.#publish(topics.ack(this.id), ackOf(this.#speaker, { command, commandId, status, code }));
  }
}
