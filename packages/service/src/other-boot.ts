/** The part of a service's status that tells its starts apart. */
export interface BootStatus {
  readonly boot_id?: string | undefined;
  readonly status: string;
  readonly timestamp: string;
}

/** A process that ends still publishes these. */
const leaving: ReadonlySet<string> = new Set(['offline', 'stopping']);

/**
 * Finds proof that another process lives under our name: a status of another boot, published after our own. Two clients with one
 * id are never connected together, so each of them mostly reads the last will of the other, which the broker published when it
 * pushed that one out. A will carries the time at which its process started: of two processes the older one finds the proof and
 * gives way. The will of an earlier start of ours, and statuses that it left at the broker, are none.
 */
export class OtherBootDetector {
  readonly #bootId: string;
  readonly #startedAtMs: number;
  #published = false;

  /** @param startedAtMs when this process started, wall clock, epoch ms */
  constructor(bootId: string, startedAtMs: number) {
    this.#bootId = bootId;
    this.#startedAtMs = startedAtMs;
  }

  /**
   * Returns whether a status under our own name proves that another process publishes there.
   *
   * @param mayBeOld it was retained, or may have waited for us at the broker. Such a status, and one of a process that leaves,
   * counts only when our own was published before and its time is later than our start
   */
  isProof(status: BootStatus, mayBeOld: boolean): boolean {
    if (status.boot_id === undefined) {
      return false;
    }
    if (status.boot_id === this.#bootId) {
      this.#published = true;
      return false;
    }
    const current = !mayBeOld && !leaving.has(status.status);
    return current || (this.#published && Date.parse(status.timestamp) > this.#startedAtMs);
  }
}
