import type { Backoff, Clock, Logger } from '@vigilia/service';
import { createBackoff } from '@vigilia/service';
import { encodeDocument, type SinkDocument } from '../documents/document.ts';
import type { DeadLetters } from '../output/dead-letters.ts';
import type { Spool } from '../spool/spool.ts';
import { SpoolError } from '../spool/spool-error.ts';

export interface IntakeOptions {
  readonly spool: Pick<Spool, 'append'>;
  readonly deadLetters: Pick<DeadLetters, 'write'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onSpooled?: (document: SinkDocument) => void;
  readonly onRefused?: (document: SinkDocument, code: string) => void;
  readonly backoff?: Backoff;
}

/**
 * The one door into the spool. An accepted document is promised; one that cannot be written yet (disk full, folder read-only) keeps its
 * caller waiting, and with it the broker's acknowledgement, until it is. Detections never wait: they are counted and let go.
 */
export class Intake {
  readonly #options: IntakeOptions;
  #failure: string | undefined;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Why nothing can be spooled at present; `undefined` when it can. */
  get failing(): string | undefined {
    return this.#failure;
  }

  /** @throws the signal's reason when the sink stops while the document waits: then it was not accepted. */
  async accept(document: SinkDocument): Promise<void> {
    const payload = encodeDocument(document);
    const backoff = this.#options.backoff ?? createBackoff({ minMs: 250, maxMs: 5000 });
    for (;;) {
      this.#options.signal.throwIfAborted();
      try {
        await this.#options.spool.append(document.priority, payload);
        this.#recovered();
        this.#options.onSpooled?.(document);
        return;
      } catch (error) {
        if (await this.#letGo(document, error)) return;
        await this.#options.clock.sleep(backoff.next(), this.#options.signal);
      }
    }
  }

  /** Whether the document's way ends here; otherwise it is to be tried again. */
  async #letGo(document: SinkDocument, error: unknown): Promise<boolean> {
    const code = error instanceof SpoolError ? error.code : ((error as NodeJS.ErrnoException).code ?? 'write_failed');
    if (code === 'record_too_large') {
      const reason = { type: code, message: error instanceof Error ? error.message : code };
      await this.#options.deadLetters.write([
        { output: 'spool', id: document.id, stream: document.stream, reason, json: JSON.stringify(document.body) },
      ]);
    } else if (code !== 'spool_full') {
      this.#fail(code, error);
      if (document.priority !== 'bulk') return false;
    }
    this.#options.onRefused?.(document, code);
    return true;
  }

  #fail(code: string, err: unknown): void {
    if (this.#failure === code) return;
    this.#failure = code;
    this.#options.logger.error(
      { event: 'spool_write_failed', code, err },
      'the spool cannot be written: messages stay at the broker until it can, detections are lost and counted',
    );
  }

  #recovered(): void {
    if (this.#failure === undefined) return;
    this.#failure = undefined;
    this.#options.logger.info({ event: 'spool_write_recovered' }, 'the spool can be written again');
  }
}
