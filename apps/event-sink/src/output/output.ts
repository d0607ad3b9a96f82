import type { EncodedDocument } from '../documents/document.ts';

/** What became of a batch; together they are its size. */
export interface Delivered {
  readonly stored: number;
  /** Already there under the same id. */
  readonly duplicates: number;
  /** Refused for good, now in the dead-letter file. */
  readonly dead: number;
}

/** Why an output stores nothing at present. */
export interface OutputTrouble {
  /** Stable word for logs and metrics. */
  readonly reason: string;
  readonly detail: string;
}

/** Where documents go. */
export interface Output {
  readonly name: string;
  /** Why nothing is stored at present; `undefined` while documents are stored. */
  readonly failing?: OutputTrouble | undefined;
  start(): Promise<void>;
  /**
   * Resolves when every document is stored or in the dead-letter file. Retries while the other side is unreachable.
   * @throws the signal's reason when it aborts; anything else is retried by the caller.
   */
  deliver(documents: readonly EncodedDocument[], signal: AbortSignal): Promise<Delivered>;
  stop(): Promise<void>;
}
