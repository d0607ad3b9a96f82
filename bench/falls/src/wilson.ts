const z95 = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Returns the Wilson score interval (95 %) of a share, both ends 0..1; undefined for no trials.
 * `successes` may be a fraction: several runs of one clip are one trial, because they show the same fall.
 * Source: Wilson, *Probable inference, the law of succession, and statistical inference* (1927).
 */
export function wilson(successes: number, trials: number): Interval | undefined {
  if (trials <= 0) return undefined;
  const share = successes / trials;
  const square = z95 ** 2;
  const centre = share + square / (2 * trials);
  const half = z95 * Math.sqrt((share * (1 - share)) / trials + square / (4 * trials ** 2));
  const scale = 1 + square / trials;
  return { low: Math.max(0, (centre - half) / scale), high: Math.min(1, (centre + half) / scale) };
}
