import type { z } from 'zod';

/** Two limits of one part: the first must not be above the second, or rules would contradict each other. */
type Order = readonly [part: string, lesser: string, greater: string];

const orders: readonly Order[] = [
  ['observation', 'continueConfidence', 'startConfidence'],
  ['observation', 'thinnestRatio', 'flattestRatio'],
  ['posture', 'narrowRatio', 'broadRatio'],
  ['posture', 'broadRatio', 'wideRatio'],
  ['posture', 'wideRatio', 'tallRatio'],
  ['posture', 'flatShare', 'tallShare'],
  ['posture', 'uprightDegrees', 'tiltedDegrees'],
  ['heights', 'sinkWeight', 'riseWeight'],
  ['heights', 'leastPeople', 'memoryPeople'],
  ['matching', 'gateHeights', 'lowGateHeights'],
  ['timing', 'abruptAlarmSeconds', 'slowAlarmSeconds'],
  ['timing', 'slowAlarmSeconds', 'longLieSeconds'],
  ['timing', 'abruptAlarmSeconds', 'vanishedAlarmSeconds'],
  ['timing', 'abruptAlarmSeconds', 'attendedSeconds'],
  ['timing', 'recoverObservations', 'recoverAlarmObservations'],
];

/** Refuses limits in the wrong order, each by name. */
export function checkOrders(policy: Readonly<Record<string, object>>, context: z.RefinementCtx): void {
  for (const [part, lesser, greater] of orders) {
    const limits = new Map<string, unknown>(Object.entries(policy[part] ?? {}));
    const [low, high] = [limits.get(lesser), limits.get(greater)];
    if (typeof low === 'number' && typeof high === 'number' && low > high)
      context.addIssue({ code: 'custom', path: [part, lesser], message: `must not be above ${greater} (${high})` });
  }
}
