import { type Backoff, type Clock, createBackoff, type Logger } from '@vigilia/service';
import { decodeDocument, type EncodedDocument } from '../documents/document.ts';
import type { Batch, Consumer } from '../spool/consumer.ts';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
import type { Delivered, Output } from './output.ts';

export interface PumpOptions {
  readonly consumer: Consumer;
  readonly output: Output;
  readonly deadLetters: Pick<DeadLetters, 'write'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxRecords: number;
  readonly maxBytes: number;
  /** How long a batch that is not full waits for more. */
  readonly lingerMs: number;
  readonly onDelivered?: (delivered: Delivered) => void;
  readonly onDamage?: (records: number) => void;
  readonly backoff?: Backoff;
}

/** Moves one output's documents from the spool to the output: read, deliver, acknowledge; the next batch is read meanwhile. */
export class Pump {
  readonly #options: PumpOptions;
  readonly #abort = new AbortController();
  #running: Promise<void> | undefined;
  #oldestMs: number | undefined;

  constructor(options: PumpOptions) {
    this.#options = options;
  }

  /** Age of the oldest document that is not delivered yet. */
  lagMs(nowMs: number): number {
    if (this.#options.consumer.pendingRecords === 0) return 0;
    return this.#oldestMs === undefined ? 0 : Math.max(0, nowMs - this.#oldestMs);
  }

  async start(): Promise<void> {
    await this.#options.output.start();
    this.#running = this.#run();
  }

  /** Waits at most `flushMs` for the spool to be delivered, then ends; what is left is delivered after the next start. */
  async stop(flushMs = 0): Promise<void> {
    const { clock, consumer, output } = this.#options;
    const until = clock.monotonic() + flushMs;
    while (this.#running !== undefined && consumer.pendingRecords > 0 && clock.monotonic() < until) {
      await clock.sleep(20);
    }
    this.#abort.abort(new Error('the sink stops'));
    await this.#running;
    this.#running = undefined;
    await output.stop();
  }

  async #run(): Promise<void> {
    const { consumer, clock, logger } = this.#options;
    const { signal } = this.#abort;
    const backoff = this.#options.backoff ?? createBackoff({ minMs: 500, maxMs: 30_000 });
    while (!signal.aborted) {
      try {
        await this.#drain();
        backoff.reset();
      } catch (err) {
        if (signal.aborted) return;
        logger.error(
          { event: 'output_failed', output: this.#options.output.name, err },
          'delivery failed and is tried again',
        );
        consumer.rewind();
        await clock.sleep(backoff.next(), signal).catch(() => undefined);
      }
    }
  }

  async #drain(): Promise<void> {
    const { consumer, clock, maxRecords, lingerMs } = this.#options;
    const { signal } = this.#abort;
    let ahead: Promise<Batch | undefined> | undefined;
    while (!signal.aborted) {
      let batch = await ahead;
      ahead = undefined;
      if (batch === undefined) {
        await consumer.untilReadable(signal);
        if (consumer.unreadRecords < maxRecords) {
          await clock.sleep(lingerMs, signal);
        }
        batch = await this.#read();
      }
      if (batch === undefined) continue;
      this.#oldestMs = batch.records[0]?.atMs ?? this.#oldestMs;
      if (consumer.unreadRecords >= maxRecords) {
        ahead = this.#read();
      }
      ahead?.catch(() => undefined);
      try {
        await this.#deliver(batch);
      } catch (error) {
        // a read that ends after the rewind would move the place again, past what was never delivered
        await ahead?.catch(() => undefined);
        throw error;
      }
    }
  }

  #read(): Promise<Batch | undefined> {
    const { consumer, maxRecords, maxBytes } = this.#options;
    return consumer.read({ maxRecords, maxBytes });
  }

  async #deliver(batch: Batch): Promise<void> {
    const { consumer, output, deadLetters } = this.#options;
    const documents: EncodedDocument[] = [];
    const unreadable: DeadLetter[] = [];
    for (const { payload } of batch.records) {
      const document = decodeDocument(payload);
      if (document !== undefined) {
        documents.push(document);
      } else {
        unreadable.push({
          output: output.name,
          id: 'unknown',
          stream: 'unknown',
          reason: { type: 'spool_unreadable', message: 'The spooled record is not a document.' },
          raw: payload.toString('base64'),
        });
      }
    }
    await deadLetters.write([...unreadable, ...this.#damaged(batch)]);
    const delivered = documents.length === 0 ? undefined : await output.deliver(documents, this.#abort.signal);
    await consumer.acknowledge(batch);
    if (delivered !== undefined) {
      this.#options.onDelivered?.(delivered);
    }
  }

  #damaged(batch: Batch): DeadLetter[] {
    const { logger, output, onDamage } = this.#options;
    return batch.damage.map(({ raw, path, offset, bytes, lostRecords }) => {
      logger.error(
        { event: 'spool_damaged', output: output.name, path, offset, bytes, lost_records: lostRecords },
        'a stretch of the spool is damaged and skipped',
      );
      onDamage?.(lostRecords);
      const message = `${lostRecords} record(s) in ${bytes} damaged bytes of ${path} at ${offset}; checksum or form is wrong.`;
      return {
        output: output.name,
        id: 'unknown',
        stream: 'unknown',
        reason: { type: 'spool_damaged', message },
        raw: raw.toString('base64'),
      };
    });
  }
}
