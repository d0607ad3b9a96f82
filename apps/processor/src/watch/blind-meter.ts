import type { BlindCause } from './ports.ts';

/** Adds up for how long a room was blind, by cause. Times monotonic ms. */
export class BlindMeter {
  private readonly total: Partial<Record<BlindCause, number>> = {};
  private current: { readonly cause: BlindCause; readonly sinceMs: number } | undefined;

  /** The room is blind for this cause from now on; undefined: it sees. */
  set(cause: BlindCause | undefined, nowMs: number): void {
    this.settle(nowMs);
    this.current = cause === undefined ? undefined : { cause, sinceMs: nowMs };
  }

  totals(nowMs: number): Readonly<Partial<Record<BlindCause, number>>> {
    this.settle(nowMs);
    return { ...this.total };
  }

  private settle(nowMs: number): void {
    if (this.current === undefined) return;
    const { cause, sinceMs } = this.current;
    this.total[cause] = (this.total[cause] ?? 0) + nowMs - sinceMs;
    this.current = { cause, sinceMs: nowMs };
  }
}
