import type { Box } from '../detection/detection.ts';

export const alarmSeverities = ['warning', 'critical'] as const;
export type AlarmSeverity = (typeof alarmSeverities)[number];

/**
 * The rule that raised an alarm. `seen_fall`: the person was known before and has been on the floor since. `found_lying`: the first sight
 * was low already. `sitting`: most likely sitting on the floor.
 */
export const alarmRules = ['seen_fall', 'found_lying', 'sitting'] as const;
export type AlarmRule = (typeof alarmRules)[number];

/**
 * How far a fall has come. `candidate`: looked at more closely. `down`: suspected, and reported as such. `alarm`: reported.
 * `quiet`: an operator resolved it, nothing more until the person is up.
 */
export const fallKinds = ['candidate', 'down', 'alarm', 'quiet'] as const;
export type FallKind = (typeof fallKinds)[number];

/** What people have done about falls: nothing, they know of them, they have dealt with them. */
export type FallAnswer = 'open' | 'acknowledged' | 'resolved';

/** One fall of a room. Lengths in image heights, times in milliseconds on the caller's clock. */
export interface Fall {
  /** The same wherever the fall is reported, also after a change of watcher. */
  readonly id: string;
  readonly kind: FallKind;
  /** Whose fall it is; undefined: that person is out of sight for so long that the track was dropped. */
  readonly trackId?: number | undefined;
  readonly lowAtMs: number;
  /** Where the person lies: the last box that was low, its scale. */
  readonly box: Box;
  readonly scale: number;
  readonly alarmAtMs?: number | undefined;
  readonly remindedAtMs?: number | undefined;
  readonly acknowledged: boolean;
  /** When a person resolved it; defined only while it is quiet. */
  readonly resolvedAtMs?: number | undefined;
  readonly severity?: AlarmSeverity | undefined;
  readonly rule?: AlarmRule | undefined;
  /** Known before, so that the fall itself was between two looks. */
  readonly abrupt: boolean;
  /** The moment of the fall itself was seen: the frames before and after it were close together. */
  readonly observed?: boolean | undefined;
  /** Found, or dated, with frames of the past that were analysed after a suspicion. */
  readonly lookedBack?: boolean | undefined;
  /** Looks that showed the person, showed them low and lying, and did not show them; of the last one the confidence. */
  readonly seen: number;
  readonly low: number;
  readonly lying: number;
  readonly missed: number;
  readonly confidence: number;
  /** Off the floor since, in so many looks. */
  readonly upAtMs?: number | undefined;
  readonly upLooks: number;
}
