import type { DedicatedSpec } from '../plan/action.ts';
import type { RuntimeView } from '../plan/view.ts';

/** A dedicated processor as an engine lists it. */
export interface RuntimeListing {
  readonly instanceId: string;
  /** Missing: a standby. */
  readonly incidentId?: string | undefined;
  readonly sourceIds: readonly number[];
  readonly state: 'running' | 'exited';
  /** Milliseconds since it was started. */
  readonly ageMs: number;
}

/**
 * What starts and stops dedicated processors: processes, containers or services. It outlives the orchestrator: what one
 * life started the next one lists. Events are hints; the list is the truth.
 */
export interface Runtime {
  readonly name: string;
  /** @throws RuntimeError `unreachable` when the engine does not answer */
  start(): Promise<void>;
  /**
   * Starts a dedicated processor; resolves when it is started, which does not show whether it sees anything. One of
   * the same name and purpose that exists already is adopted.
   * @throws RuntimeError
   */
  spawn(spec: DedicatedSpec): Promise<void>;
  /** Ends it and forgets it; resolves when it has ended. `false`: the runtime does not know it. @throws RuntimeError */
  stop(instanceId: string): Promise<boolean>;
  /** Everything that carries our label. @throws RuntimeError `unreachable` */
  list(): Promise<RuntimeListing[]>;
  /** Calls `changed` when something started or ended. Returns how to stop watching. */
  watch(changed: () => void): () => void;
  /** What the host offers to dedicated processors. */
  capacity(): Promise<RuntimeView['capacity']>;
  /** Lets go of the engine; what runs goes on running. Idempotent. */
  close(): Promise<void>;
}

export type RuntimeErrorCode =
  | 'unreachable'
  | 'image_missing'
  | 'processor_missing'
  | 'no_resources'
  | 'name_taken'
  | 'refused'
  | 'failed';

/** Why an engine did not do what it was asked; the message is a sentence for the incident's note. */
export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
  readonly code: RuntimeErrorCode;

  constructor(code: RuntimeErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
