import {
  type Ack,
  authorOf,
  type CommandEnvelope,
  createTopics,
  ownerOfCommand,
  type RoomState,
  type Status,
} from '@vigilia/protocol';
import { makeAck, makeDetections, makeMetrics, makePerson, makeStatus, makeStream, type Sender } from './messages.ts';
import type { SimClient, SimMessage } from './sim-broker.ts';
import { SimFalls } from './sim-falls.ts';
import type { SimProcessorOptions } from './sim-processor-options.ts';
import { SimRooms, type SimState, type SimStream } from './sim-rooms.ts';

const topics = createTopics();
const changing = new Set(['add_stream', 'remove_stream', 'set_fps', 'change_model', 'set_zones']);
let boots = 0;

/** A processor as others see it: obeys commands, publishes detections, falls, statuses; may be killed at any moment. */
export class SimProcessor implements SimClient {
  readonly id: string;
  readonly persistent = false;
  readonly role: 'home' | 'dedicated';
  readonly bootId: string;
  alive = true;
  /** It lives, answers, and looks at nothing any more. */
  hangs = false;
  readonly #options: SimProcessorOptions;
  readonly #startedMs: number;
  readonly #falls: SimFalls;
  readonly #rooms: SimRooms;
  /** Changes with every switch, so that a timer of the old rate finds itself stale. */
  readonly #turns = new Map<number, number>();
  #frame = 0;
  #status: Status['status'] = 'starting';
  #busyUntilMs = 0;
  #unsent: { topic: string; body: unknown; retain: boolean }[] = [];

  constructor(options: SimProcessorOptions) {
    this.#options = options;
    this.id = options.instanceId;
    this.role = options.role;
    this.#rooms = new SimRooms(options.models);
    boots += 1;
    this.bootId = `boot-${boots}`;
    this.#startedMs = options.time.monoMs;
    const publish = (topic: string, body: unknown, more?: { retain?: boolean }): void =>
      this.#publish(topic, body, more);
    this.#falls = new SimFalls({ self: this.id, publish, iso: () => options.time.iso });
  }

  get streams(): ReadonlyMap<number, SimStream> {
    return this.#rooms.streams;
  }

  start(): void {
    this.#connect();
    this.#options.time.after(this.#options.startTakesMs, () => {
      if (!this.alive) return;
      this.#rooms.restore(this.#options.kept ?? this.#flags());
      for (const sourceId of this.streams.keys()) {
        this.#take(sourceId);
      }
      this.#status = 'running';
      this.#publishStatus();
    });
    this.#heartbeat();
  }

  #flags(): SimState {
    const owner = { by: 'flags', at: this.#options.time.iso } as const;
    const setBy = { stream: owner, max_fps: owner, model_id: owner };
    const streams = this.#options.streams.map(({ sourceId, ...own }) => [sourceId, { ...own, setBy }] as const);
    return { streams: new Map(streams), removed: new Map() };
  }

  /** kill -9: the broker notices when the connection or the keepalive ends. */
  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    this.#options.broker.vanish(this.id, this.#options.random.between(10, 6000));
    this.#options.onKilled?.();
  }

  /** What a state folder would keep: undefined when it never came to watch anything. */
  get kept(): SimState | undefined {
    return this.#status === 'starting' ? this.#options.kept : this.#rooms.state;
  }

  /** Commands reach it. */
  get obeys(): boolean {
    return this.alive && this.#status === 'running' && this.#options.broker.isOnline(this.id);
  }

  /** SIGTERM: publishes `offline` and disconnects. */
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
    // the processor that has a room goes by its own frames
    if (state !== undefined && !this.streams.has(state.source_id)) {
      this.#falls.read(state);
    }
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
    for (const { topic, body, retain } of this.#unsent.splice(0)) {
      this.#options.broker.publish(topic, body, { retain });
    }
    this.#publishStatus();
    for (const sourceId of this.streams.keys()) {
      this.#falls.tellAgain(sourceId);
    }
  }

  #publish(topic: string, body: unknown, options: { retain?: boolean; qos?: 0 | 1 } = {}): void {
    const { broker } = this.#options;
    if (broker.isOnline(this.id)) {
      broker.publish(topic, body, options);
    } else if (options.qos !== 0) {
      this.#unsent.push({ topic, body, retain: options.retain === true });
    }
  }

  knowsZones(sourceId: number): boolean {
    return this.streams.get(sourceId)?.zones !== undefined;
  }

  get #sender(): Sender {
    return { instanceId: this.id, bootId: this.bootId, at: this.#options.time.iso };
  }

  #statusBody(): Status {
    const { house, time, incidentId } = this.#options;
    const streams = [...this.streams].map(([sourceId, { modelId, maxFps, zones, setBy }]) => {
      const stream = makeStream(sourceId, {
        model_id: modelId,
        max_fps: maxFps,
        state: house.room(sourceId).camera ? 'watching' : 'blind',
        zones_configured: zones !== undefined,
        set_by: setBy,
      });
      return zones === undefined ? stream : { ...stream, zones: [...zones] };
    });
    const status = makeStatus(this.#sender, {
      role: this.role,
      status: this.#status,
      streams,
      uptime_seconds: (time.monoMs - this.#startedMs) / 1000,
      removed_streams: this.#rooms.removals,
    });
    return incidentId === undefined ? status : { ...status, incident_id: incidentId };
  }

  #publishStatus(): void {
    if (this.alive) {
      this.#publish(topics.status(this.id), this.#statusBody(), { retain: true });
    }
  }

  #heartbeat(): void {
    this.#options.time.after(10_000, () => {
      if (!this.alive) return;
      this.#publish(topics.metrics(this.id), makeMetrics(this.#sender), { retain: true, qos: 0 });
      this.#heartbeat();
    });
  }

  #take(sourceId: number, taken = true): void {
    const turn = (this.#turns.get(sourceId) ?? 0) + 1;
    this.#turns.set(sourceId, turn);
    this.#options.house.room(sourceId).takenAtMs = this.#options.time.monoMs;
    // once it has read what the last watcher left
    if (taken) {
      this.#options.time.after(100, () => this.alive && this.streams.has(sourceId) && this.#falls.tellRoom(sourceId));
    }
    this.#options.time.after(this.#options.random.between(200, 1500), () => this.#analyse(sourceId, turn));
  }

  #analyse(sourceId: number, turn: number): void {
    const stream = this.streams.get(sourceId);
    if (!this.alive || stream === undefined || this.#turns.get(sourceId) !== turn) return;
    this.#options.time.after(1000 / stream.maxFps, () => this.#analyse(sourceId, turn));
    const room = this.#options.house.room(sourceId);
    if (!room.camera || this.hangs) return;
    this.#frame += 1;
    const body = makeDetections(this.#sender, sourceId, {
      frame_id: this.#frame,
      model_id: stream.modelId,
      fps: stream.maxFps,
      detections: [makePerson({ posture: room.person === 'up' ? 'up' : 'low' })],
    });
    this.#publish(topics.detections(sourceId), body, { qos: 0 });
    this.#falls.observe(sourceId, room);
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
      const error = changing.has(command) ? this.#change(envelope as CommandEnvelope, id) : undefined;
      if (error === undefined && command === 'stop') return this.stop();
      this.#publishStatus();
      this.#ack(command, id, error === undefined ? 'completed' : 'error', error);
    });
  }

  #change(envelope: CommandEnvelope, commandId: string): string | undefined {
    const { command, params = {} } = envelope;
    const author = authorOf(envelope);
    const owner = ownerOfCommand(author, { command_id: commandId, at: this.#options.time.iso });
    const rooms = this.#rooms.apply(command, params, { owner, restores: author.restores });
    if (typeof rooms === 'string') return rooms;
    for (const room of rooms) {
      if (this.streams.has(room)) {
        this.#take(room, command === 'add_stream');
      }
      this.#falls.restart(room);
    }
    if (owner.by === 'operator') {
      this.#options.onOperator?.({ instanceId: this.id, command, rooms, owner });
    }
    return undefined;
  }

  #ack(command: string, commandId: string, status: Ack['ack_status'], code?: string): void {
    const ack = makeAck(this.#sender, { command, command_id: commandId }, { ack_status: status });
    this.#publish(topics.ack(this.id), code === undefined ? ack : { ...ack, error: { code }, message: code });
  }
}
