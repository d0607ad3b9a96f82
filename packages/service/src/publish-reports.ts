import { BurstLog } from './burst-log.ts';
import type { PublishClass } from './bus.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

/** A refusal counts against readiness for this long, unless a later message to the topic is taken. */
const REFUSING_MS = 5 * 60_000;
const MAX_REFUSED_TOPICS = 100;

/** Counts and logs what did not reach the broker: one line per topic or per burst, whatever the rate. */
export class PublishReports {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #logger: Logger;
  readonly #perTopic: BurstLog;
  readonly #bursts: BurstLog;
  readonly #refusing = new Map<string, { text: string; atMs: number }>();
  readonly counts = { refused: 0, tooLarge: 0, droppedAnswers: 0, rejectedKept: 0, droppedLatest: 0 };

  constructor(options: { clock: Pick<Clock, 'monotonic'>; logger: Logger }) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#perTopic = new BurstLog(options.clock, Number.POSITIVE_INFINITY);
    this.#bursts = new BurstLog(options.clock);
  }

  /** Topics that the broker refuses at the moment, with its reason. */
  get refusedTopics(): string[] {
    const nowMs = this.#clock.monotonic();
    for (const [topic, { atMs }] of this.#refusing) {
      if (nowMs - atMs >= REFUSING_MS) {
        this.#refusing.delete(topic);
      }
    }
    return [...this.#refusing].map(([topic, { text }]) => `${topic}: ${text}`);
  }

  accepted(topic: string): void {
    this.#refusing.delete(topic);
  }

  refused(topic: string, reason: string, chosenByPeer: boolean): void {
    this.counts.refused += 1;
    if (!chosenByPeer && (this.#refusing.has(topic) || this.#refusing.size < MAX_REFUSED_TOPICS)) {
      this.#refusing.set(topic, { text: reason, atMs: this.#clock.monotonic() });
    }
    const count = this.#perTopic.due(`refused ${topic}`);
    if (count !== undefined) {
      this.#logger.error(
        { event: 'mqtt_publish_refused', topic, reason, count },
        'the broker refused a message; check its access rules for this user',
      );
    }
  }

  tooLarge(topic: string, bytes: number, maxBytes: number): void {
    this.counts.tooLarge += 1;
    const count = this.#perTopic.due(`too large ${topic}`);
    if (count !== undefined) {
      this.#logger.error(
        { event: 'mqtt_message_too_large', topic, bytes, max_bytes: maxBytes, count },
        'a message exceeds the packet size of the broker and is not sent',
      );
    }
  }

  limitLearned(maxBytes: number): void {
    this.#logger.error(
      { event: 'mqtt_packet_limit_learned', max_bytes: maxBytes },
      'the broker ends the connection after larger packets; they are not sent any more',
    );
  }

  queueFull(name: Exclude<PublishClass, 'latest'>, topic: string): void {
    if (name === 'answer') {
      this.counts.droppedAnswers += 1;
    } else {
      this.counts.rejectedKept += 1;
    }
    const count = this.#bursts.due(name);
    if (count !== undefined) {
      this.#logger.warn(
        { event: 'mqtt_queue_full', class: name, topic, count },
        'more messages wait for the broker than the queue holds; messages are dropped',
      );
    }
  }

  latestDropped(count: number): void {
    this.counts.droppedLatest += count;
  }
}
