import { type Backoff, type Clock, createBackoff, type Logger } from '@vigilia/service';
import type { EncodedDocument } from '../documents/document.ts';
import type { BulkSender } from '../elasticsearch/client.ts';
import { failureOf, type RequestFailure } from '../elasticsearch/request-failure.ts';
import { type Stream, streamNames } from '../schema/data-streams.ts';
import { type ItemOutcome, outcomesOf } from './bulk-answer.ts';
import type { DeadLetter, DeadLetters, Refusal } from './dead-letters.ts';
import type { Delivered, Output, OutputTrouble } from './output.ts';
import { takesDocuments } from './probe.ts';

export interface ElasticsearchOutputOptions {
  readonly sender: BulkSender;
  readonly namespace: string;
  readonly deadLetters: Pick<DeadLetters, 'write'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onRetry?: (reason: string, documents: number) => void;
  readonly backoff?: Backoff;
}

/** A document that alone gets 500 while its stream takes others is given up after so many tries. */
const MAX_ITEM_ERRORS = 10;

interface Progress {
  stored: number;
  duplicates: number;
  dead: number;
  /** Internal errors (500) per document. */
  readonly errors: Map<string, number>;
}

/**
 * Plain `client.bulk`, looked at item by item. A delivery ends only when every document is stored, known or a dead letter: whatever else the
 * other side does (429, 5xx, silence, half an answer, 413) ends in waiting, longer each time, or in smaller requests. A document becomes a dead
 * letter only when Elasticsearch takes others of its data stream: what a closed index or an unsupported server refuses is not its fault.
 */
export class ElasticsearchOutput implements Output {
  readonly name = 'elasticsearch';
  readonly #options: ElasticsearchOutputOptions;
  readonly #backoff: Backoff;
  #trouble: OutputTrouble | undefined;

  constructor(options: ElasticsearchOutputOptions) {
    this.#options = options;
    this.#backoff = options.backoff ?? createBackoff({ minMs: 500, maxMs: 30_000, jitter: 0.5 });
  }

  /** Why nothing is stored at present; `undefined` while all is well. */
  get failing(): OutputTrouble | undefined {
    return this.#trouble;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    await this.#options.sender.close();
  }

  async deliver(documents: readonly EncodedDocument[], signal: AbortSignal): Promise<Delivered> {
    const progress: Progress = { stored: 0, duplicates: 0, dead: 0, errors: new Map() };
    const work: (readonly EncodedDocument[])[] = [documents];
    for (let chunk = work.pop(); chunk !== undefined; chunk = work.pop()) {
      signal.throwIfAborted();
      work.push(...(await this.#attempt(chunk, progress, signal)));
    }
    return { stored: progress.stored, duplicates: progress.duplicates, dead: progress.dead };
  }

  /** Sends once; answers what of it is still to be done. */
  async #attempt(
    chunk: readonly EncodedDocument[],
    progress: Progress,
    signal: AbortSignal,
  ): Promise<(readonly EncodedDocument[])[]> {
    let answer: unknown;
    try {
      answer = await this.#send(chunk, signal);
    } catch (error) {
      signal.throwIfAborted();
      return this.#afterFailure(chunk, failureOf(error), progress, signal);
    }
    return this.#afterAnswer(chunk, answer, progress, signal);
  }

  #send(chunk: readonly EncodedDocument[], signal: AbortSignal): Promise<unknown> {
    const { sender, namespace } = this.#options;
    const operations: string[] = [];
    for (const { id, stream, json } of chunk) {
      operations.push(`{"create":{"_index":"${streamNames[stream]}-${namespace}","_id":${JSON.stringify(id)}}}`, json);
    }
    return sender.bulk(operations, signal);
  }

  async #afterAnswer(
    chunk: readonly EncodedDocument[],
    answer: unknown,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<(readonly EncodedDocument[])[]> {
    const outcomes = outcomesOf(answer, chunk.length);
    const items = chunk.map((document, index) => ({ document, outcome: outcomes[index] }));
    const again: EncodedDocument[] = [];
    const letters: DeadLetter[] = [];
    let reason: Refusal | undefined;
    const open = openStreams(items);
    for (const { document, outcome } of items) {
      if (outcome === undefined) continue;
      if (outcome.kind === 'stored') {
        progress.stored += 1;
      } else if (outcome.kind === 'duplicate') {
        progress.duplicates += 1;
      } else if (outcome.kind === 'dead' || (await this.#isAtFault(document, outcome, open, progress, signal))) {
        letters.push(this.#letter(document, outcome.reason));
      } else {
        again.push(document);
        reason = outcome.reason;
      }
    }
    await this.#storeDeadLetters(letters, progress);
    if (again.length === 0) {
      this.#recovered();
      return [];
    }
    if (again.length < chunk.length) {
      this.#backoff.reset();
    }
    const failure: RequestFailure = {
      remedy: 'wait',
      reason: reason?.type ?? 'unknown',
      message: reason?.message ?? '',
    };
    await this.#wait(failure, again.length, signal);
    return [again];
  }

  async #afterFailure(
    chunk: readonly EncodedDocument[],
    found: RequestFailure,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<(readonly EncodedDocument[])[]> {
    const failure = found.remedy === 'examine' ? await this.#examine(chunk, found, signal) : found;
    if (failure.remedy === 'wait') {
      await this.#wait(failure, chunk.length, signal);
      return [chunk];
    }
    const [only] = chunk;
    if (chunk.length === 1 && only !== undefined) {
      const { reason, message, status } = failure;
      const type = status === 413 ? 'too_large' : reason;
      const refusal: Refusal = status === undefined ? { type, message } : { type, message, status };
      await this.#storeDeadLetters([this.#letter(only, refusal)], progress);
      return [];
    }
    this.#options.onRetry?.(failure.reason, chunk.length);
    const middle = Math.ceil(chunk.length / 2);
    return [chunk.slice(middle), chunk.slice(0, middle)];
  }

  /** Decides what a refusal of the whole request asks for: waiting for another server or another state, or smaller requests. */
  async #examine(
    chunk: readonly EncodedDocument[],
    failure: RequestFailure,
    signal: AbortSignal,
  ): Promise<RequestFailure> {
    const { sender } = this.#options;
    try {
      await sender.checkServer(signal);
    } catch (error) {
      signal.throwIfAborted();
      const found = failureOf(error);
      if (found.reason === 'elasticsearch_unsupported') return found;
    }
    const [first] = chunk;
    const takes = first !== undefined && (await this.#takes(first.stream, signal));
    return { ...failure, remedy: takes ? 'split' : 'wait' };
  }

  /**
   * Whether the document itself is the reason of its refusal.
   * @param open streams of which Elasticsearch is known to take documents; what is found out is added
   */
  async #isAtFault(
    document: EncodedDocument,
    outcome: ItemOutcome & { readonly reason: Refusal },
    open: Map<Stream, boolean>,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (outcome.kind === 'retry' && !this.#hasFailedTooOften(document, outcome.reason, progress)) return false;
    const known = open.get(document.stream) ?? (await this.#takes(document.stream, signal));
    open.set(document.stream, known);
    return known;
  }

  #hasFailedTooOften(document: EncodedDocument, reason: Refusal, progress: Progress): boolean {
    if (reason.status !== 500) return false;
    const errors = (progress.errors.get(document.id) ?? 0) + 1;
    progress.errors.set(document.id, errors);
    return errors >= MAX_ITEM_ERRORS;
  }

  #takes(stream: Stream, signal: AbortSignal): Promise<boolean> {
    const { sender, namespace, clock } = this.#options;
    return takesDocuments(sender, stream, namespace, clock.now(), signal);
  }

  #letter(document: EncodedDocument, reason: Refusal): DeadLetter {
    return { output: this.name, id: document.id, stream: document.stream, reason, json: document.json };
  }

  async #storeDeadLetters(letters: readonly DeadLetter[], progress: Progress): Promise<void> {
    await this.#options.deadLetters.write(letters);
    progress.dead += letters.length;
  }

  async #wait(failure: RequestFailure, documents: number, signal: AbortSignal): Promise<void> {
    const { reason, message, retryAfterMs = 0 } = failure;
    this.#options.onRetry?.(reason, documents);
    const waitMs = Math.max(retryAfterMs, this.#backoff.next());
    if (this.#trouble?.reason !== reason) {
      this.#trouble = { reason, detail: message };
      const fields = {
        event: 'elasticsearch_trouble',
        reason,
        detail: message,
        documents,
        wait_ms: Math.round(waitMs),
      };
      this.#options.logger.warn(fields, 'Elasticsearch does not take documents; they wait in the spool');
    }
    await this.#options.clock.sleep(waitMs, signal);
  }

  #recovered(): void {
    this.#backoff.reset();
    if (this.#trouble === undefined) return;
    this.#options.logger.info(
      { event: 'elasticsearch_recovered', reason: this.#trouble.reason },
      'Elasticsearch takes documents again',
    );
    this.#trouble = undefined;
  }
}

/** The streams of which this answer shows that Elasticsearch takes documents. */
function openStreams(items: readonly { document: EncodedDocument; outcome: ItemOutcome | undefined }[]) {
  const taken = items.filter(({ outcome }) => outcome?.kind === 'stored' || outcome?.kind === 'duplicate');
  return new Map<Stream, boolean>(taken.map(({ document }) => [document.stream, true]));
}
