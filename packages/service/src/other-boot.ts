/** The part of a service's status that tells its starts apart. */
export interface BootStatus {
  readonly boot_id?: string | undefined;
  readonly status: string;
  readonly timestamp: string;
}

/** A process that ends still publishes these. */
const leaving: ReadonlySet<string> = new Set(['offline', 'stopping']);

/**
 * Finds proof that another process lives under our name: a status of another boot, published after our own. The broker's last
 * will of an earlier start, and statuses that an earlier start left at the broker, are none.
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
   * @param mayBeOld it was retained, or may have waited for us at the broker: it counts only when it replaced our own status
   * and was published after this process started
   */
  isProof(status: BootStatus, mayBeOld: boolean): boolean {
    if (status.boot_id === undefined || leaving.has(status.status)) {
      return false;
    }
    if (status.boot_id === this.#bootId) {
      this.#published = true;
      return false;
    }
    return !mayBeOld || (this.#published && Date.parse(status.timestamp) > this.#startedAtMs);
  }
}
