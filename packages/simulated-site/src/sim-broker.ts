import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

export interface SimMessage {
  readonly topic: string;
  readonly body: unknown;
  readonly retain: boolean;
  /** It was sent to this client before. */
  readonly dup?: boolean;
}

/** A client of the simulated broker. `persistent`: messages of QoS 1 wait for it while it is offline. */
export interface SimClient {
  readonly id: string;
  readonly persistent: boolean;
  wants(topic: string): boolean;
  /** @param done call it to acknowledge a QoS 1 message to the broker */
  receive(message: SimMessage, done: () => void): void;
  connected(sessionPresent: boolean): void;
  disconnected(): void;
}

interface Session {
  client: SimClient;
  online: boolean;
  will: { topic: string; body: unknown } | undefined;
  /** Sent and not acknowledged, or waiting. */
  queue: SimMessage[];
  readonly sent: WeakSet<SimMessage>;
  /** Per connection messages arrive in order. */
  lastAtMs: number;
  epoch: number;
}

/** What Mosquitto may not have saved yet when it is killed: `autosave_interval 5` saves every 6 s. */
export const unsavedMs = 6000;

/** An MQTT broker of one process: retained messages, wills, persistent sessions, latency, its own death. */
export class SimBroker {
  readonly retained = new Map<string, unknown>();
  up = true;
  /** Share of QoS 1 messages that arrive twice. */
  doubled = 0;
  /** Share of QoS 0 messages that never arrive. */
  lost = 0;
  /** A message takes at most this long, ms. */
  lateMs = 30;
  /** What the retained messages of the last `unsavedMs` replaced, the newest last. */
  #journal: { atMs: number; topic: string; before: unknown }[] = [];
  readonly #sessions = new Map<string, Session>();
  readonly #time: Timeline;
  readonly #random: Random;

  constructor(options: { time: Timeline; random: Random }) {
    this.#time = options.time;
    this.#random = options.random;
  }

  isOnline(id: string): boolean {
    return this.#sessions.get(id)?.online === true;
  }

  /** Connects, or does nothing while the broker is down. */
  connect(client: SimClient, will?: { topic: string; body: unknown }): boolean {
    if (!this.up) return false;
    const before = this.#sessions.get(client.id);
    const kept = client.persistent ? before : undefined;
    const session: Session = {
      client,
      online: true,
      will,
      queue: kept?.queue ?? [],
      sent: kept?.sent ?? new WeakSet(),
      lastAtMs: this.#time.monoMs,
      epoch: (before?.epoch ?? 0) + 1,
    };
    this.#sessions.set(client.id, session);
    client.connected(kept !== undefined);
    const queued = (): void => {
      for (const message of [...session.queue]) {
        this.#deliver(session, message, true);
      }
    };
    // Mosquitto sends what waited with CONNACK and what is retained after SUBSCRIBE; others do it the other way round
    const queueFirst = this.#random.next() < 0.5;
    if (queueFirst) {
      queued();
    }
    for (const [topic, body] of this.retained) {
      if (client.wants(topic)) {
        this.#deliver(session, { topic, body, retain: true }, false);
      }
    }
    if (!queueFirst) {
      queued();
    }
    return true;
  }

  /** A client vanishes. Its will follows when the keepalive has run out. */
  vanish(id: string, afterMs: number): void {
    const session = this.#sessions.get(id);
    if (session === undefined || !session.online) return;
    this.#offline(session);
    const { will } = session;
    if (will === undefined) return;
    const { epoch } = session;
    this.#time.after(afterMs, () => {
      if (this.up && this.#sessions.get(id)?.epoch === epoch) {
        this.publish(will.topic, will.body, { retain: true });
      }
    });
  }

  /** Leaves in order: no will. */
  leave(id: string): void {
    const session = this.#sessions.get(id);
    if (session !== undefined) {
      this.#offline(session);
    }
  }

  publish(topic: string, body: unknown, options: { retain?: boolean; qos?: 0 | 1 } = {}): void {
    if (!this.up) return;
    if (options.retain === true) {
      this.#retain(topic, body);
    }
    const message = { topic, body, retain: false };
    for (const session of this.#sessions.values()) {
      if (!session.client.wants(topic)) continue;
      if (options.qos === 0) {
        if (session.online && this.#random.next() >= this.lost) {
          this.#deliver(session, message, false);
        }
        continue;
      }
      session.queue.push(message);
      if (session.online) {
        this.#deliver(session, message, true);
      }
      if (session.online && this.#random.next() < this.doubled) {
        this.#deliver(session, message, true);
      }
    }
  }

  /**
   * The broker dies.
   * @param forgets `all`: it comes back without retained messages and sessions, as one without a disk does; `some`: a third
   * of the retained messages is missing
   * @param losesMs what was retained within this time was not on the disk yet, at most `unsavedMs`
   */
  crash(forgets: boolean | 'some' | 'all', losesMs = 0): void {
    this.up = false;
    this.#undo(losesMs);
    if (forgets === 'some') {
      for (const topic of [...this.retained.keys()]) {
        if (this.#random.next() < 1 / 3) {
          this.retained.delete(topic);
        }
      }
    }
    for (const session of this.#sessions.values()) {
      if (session.online) {
        this.#offline(session);
      }
      session.will = undefined;
    }
    if (forgets === true || forgets === 'all') {
      this.retained.clear();
      this.#sessions.clear();
    }
  }

  restart(): void {
    this.up = true;
  }

  #retain(topic: string, body: unknown): void {
    const { monoMs } = this.#time;
    this.#journal = this.#journal.filter(({ atMs }) => monoMs - atMs < unsavedMs);
    this.#journal.push({ atMs: monoMs, topic, before: this.retained.get(topic) });
    if (body === undefined) {
      this.retained.delete(topic);
    } else {
      this.retained.set(topic, body);
    }
  }

  #undo(ms: number): void {
    const since = this.#time.monoMs - ms;
    for (const { atMs, topic, before } of this.#journal.reverse()) {
      if (atMs < since) break;
      if (before === undefined) {
        this.retained.delete(topic);
      } else {
        this.retained.set(topic, before);
      }
    }
    this.#journal = [];
  }

  #offline(session: Session): void {
    session.online = false;
    session.epoch += 1;
    session.client.disconnected();
    if (!session.client.persistent) {
      session.queue = [];
    }
  }

  #deliver(session: Session, message: SimMessage, queued: boolean): void {
    const at = Math.max(session.lastAtMs, this.#time.monoMs + this.#random.between(1, this.lateMs));
    session.lastAtMs = at;
    const { epoch } = session;
    this.#time.after(at - this.#time.monoMs, () => {
      if (!session.online || session.epoch !== epoch) return;
      const dup = session.sent.has(message);
      session.sent.add(message);
      session.client.receive({ ...message, dup }, () => {
        if (!queued || session.epoch !== epoch) return;
        const index = session.queue.indexOf(message);
        if (index >= 0) {
          session.queue.splice(index, 1);
        }
      });
    });
  }
}
