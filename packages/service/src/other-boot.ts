/** A process that ends still publishes these. */
const leaving: ReadonlySet<string> = new Set(['offline', 'stopping']);

/** A status under our own name. */
export interface OwnNameStatus {
  readonly bootId: string | undefined;
  readonly status: string;
  /** When the process that published it started: in the unit of `startedAt`. */
  readonly startedAt: number;
  /** It was retained, or may have waited for us at the broker. */
  readonly mayBeOld: boolean;
}

/**
 * Finds proof that another process lives under our name. Two clients with one id are never connected together: each reads what
 * the other left at the broker, a retained status or the last will. Such a status counts when it replaced our own and its process
 * started after ours, so that of two processes the older one gives way and the newer one stays. What an earlier start of this service
 * left at the broker proves nothing.
 */
export class OtherBootDetector {
  readonly #bootId: string;
  readonly #startedAt: number;
  #published = false;

  /** @param startedAt when this process started, in a unit that grows with each start (epoch ms, or a term) */
  constructor(bootId: string, startedAt: number) {
    this.#bootId = bootId;
    this.#startedAt = startedAt;
  }

  /** Returns whether a status under our own name proves that another process publishes there. */
  isProof({ bootId, status, startedAt, mayBeOld }: OwnNameStatus): boolean {
    if (bootId === this.#bootId) {
      this.#published = true;
      return false;
    }
    if (bootId === undefined) {
      return false;
    }
    const lives = !mayBeOld && !leaving.has(status);
    return lives || (this.#published && startedAt > this.#startedAt);
  }
}
