import {
  type Arrival,
  type Clock,
  type Logger,
  type ReceivedOf,
  RedeliverError,
  type RejectedMessage,
  type Timer,
} from '@vigilia/service';
import type { SinkDocument } from '../documents/document.ts';
import type { DocumentContext } from '../documents/ecs.ts';
import { type LogLine, logDocument } from '../documents/log-document.ts';
import { messageDocuments, type Reading, readAccepted, readRejected } from '../documents/message-documents.ts';
import type { RecordedChannel } from '../documents/sink-topic.ts';
import type { TraceRegistry } from '../documents/trace-registry.ts';
import type { RoomMinutes } from '../rollup/room-minutes.ts';
import type { Stream } from '../schema/data-streams.ts';
import type { Intake } from './intake.ts';

export interface ReceiverOptions {
  readonly intake: Pick<Intake, 'accept'>;
  readonly minutes: RoomMinutes;
  readonly traces: TraceRegistry;
  readonly context: () => DocumentContext;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onReceived: (input: 'mqtt' | 'log' | 'rollup', stream: Stream) => void;
}

const TICK_MS = 1000;

/** Turns what comes in into documents and hands them to the intake; what it took is safe when its promise resolves. */
export class Receiver {
  readonly #options: ReceiverOptions;
  #timer: Timer | undefined;

  constructor(options: ReceiverOptions) {
    this.#options = options;
  }

  /** Begins to count the rooms' minutes. @param isConnected whether messages can arrive at present */
  start(isConnected: () => boolean): void {
    const { clock, minutes, context, logger } = this.#options;
    this.#timer = clock.setTimeout(() => {
      this.start(isConnected);
      minutes.setConnected(isConnected());
      const documents = minutes.tick(this.#moment(), context());
      this.#accept('rollup', documents).catch((err: unknown) =>
        logger.debug({ event: 'rollup_not_recorded', err }, 'minutes not recorded'),
      );
    }, TICK_MS);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** @throws RedeliverError when the sink stops before the message is safe: the broker keeps it. */
  readonly takeMessage = (message: ReceivedOf<RecordedChannel>): Promise<void> =>
    this.#take(message.arrival, () => readAccepted(message, message.arrival.payload.toString('utf8')));

  /** @throws RedeliverError */
  readonly takeRejected = (message: RejectedMessage): Promise<void> =>
    this.#take(message.arrival, () => readRejected(message, message.arrival.payload.toString('utf8')));

  async #take(arrival: Arrival, read: () => Reading): Promise<void> {
    const documents = this.#documentsOf(arrival, read);
    try {
      await this.#accept('mqtt', documents);
    } catch (cause) {
      throw new RedeliverError('The message could not be spooled.', { cause });
    }
  }

  readonly takeLines = (lines: readonly LogLine[]): Promise<void> => {
    const context = this.#options.context();
    return this.#accept(
      'log',
      lines.map((line) => logDocument(line, context)),
    );
  };

  /** Whatever a message contains, it must not stop the line: one that breaks its mapping is recorded as unreadable. */
  #documentsOf(arrival: Arrival, read: () => Reading): SinkDocument[] {
    const { minutes, traces, context, logger } = this.#options;
    try {
      const reading = read();
      if (reading.kind === 'read') {
        minutes.observe(reading.parsed, reading.payload, this.#moment());
        traces.observe(reading.parsed, reading.payload);
      }
      return messageDocuments(arrival, reading, context());
    } catch (err) {
      logger.error(
        { event: 'mapping_failed', topic: arrival.topic, err },
        'a message broke its mapping and is recorded as unreadable',
      );
      const reading = { kind: 'unreadable', code: 'mapping_failed', why: 'The payload broke its mapping.' } as const;
      return messageDocuments(arrival, reading, context());
    }
  }

  #moment() {
    const { clock } = this.#options;
    return { wallMs: clock.now(), monotonicMs: clock.monotonic() };
  }

  async #accept(input: 'mqtt' | 'log' | 'rollup', documents: readonly SinkDocument[]): Promise<void> {
    const { intake, onReceived } = this.#options;
    await Promise.all(documents.map((document) => intake.accept(document)));
    for (const { stream } of documents) {
      onReceived(input, stream);
    }
  }
}
