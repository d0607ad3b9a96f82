import type { Zone } from '@vigilia/protocol';

/** What a monitored room needs and the reconciler may change in one synchronous step. */
export interface MonitorSettings {
  readonly maxFps: number;
  readonly confidence: number;
  readonly tracking: boolean;
  /** undefined: never configured (docs/fall-detection.md#when-it-alarms). */
  readonly zones: readonly Zone[] | undefined;
}
