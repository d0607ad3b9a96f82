/** Differences below this are delays of messages, not of clocks. */
const noticeableMs = 2000;

/** By how much the clocks of processors differ from the orchestrator's, from the times in their statuses. */
export class ClockSkew {
  readonly #byInstance = new Map<string, number>();

  /** @param aheadMs the time in a status that has just arrived, minus the orchestrator's */
  seen(instanceId: string, aheadMs: number): void {
    if (Math.abs(aheadMs) >= noticeableMs) {
      this.#byInstance.set(instanceId, aheadMs);
    } else {
      this.#byInstance.delete(instanceId);
    }
  }

  /** Returns seconds by which each processor's clock is ahead; only those that differ noticeably. */
  report(): Readonly<Record<string, number>> {
    const seconds = [...this.#byInstance].map(([id, aheadMs]) => [id, Math.round(aheadMs / 1000)]);
    return Object.fromEntries(seconds);
  }
}
