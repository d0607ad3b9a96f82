import type { ClipRun } from './evaluate-clip.ts';

/** Figures of many runs; every clip is run once a phase, and each run counts. */
export interface Summary {
  readonly clips: number;
  readonly falls: number;
  readonly found: number;
  /** Of the found ones, those whose timer ran since before the fall. */
  readonly lowBefore: number;
  readonly falseAlarms: number;
  readonly quietRuns: number;
  readonly suspicions: number;
  readonly medianDelaySeconds: number | null;
  readonly worstDelaySeconds: number | null;
}

export function summarise(runs: readonly ClipRun[]): Summary {
  const falls = runs.filter(({ clip }) => clip.kind === 'fall');
  const delays = runs.flatMap(({ delaySeconds }) => delaySeconds ?? []).sort((a, b) => a - b);
  return {
    clips: new Set(runs.map(({ clip }) => clip.name)).size,
    falls: falls.length,
    found: falls.filter(({ found }) => found).length,
    lowBefore: falls.filter(({ lowBefore }) => lowBefore).length,
    falseAlarms: runs.reduce((sum, run) => sum + run.falseAlarms, 0),
    quietRuns: runs.length - falls.length,
    suspicions: runs.reduce((sum, run) => sum + run.suspicions, 0),
    medianDelaySeconds: round(median(delays)),
    worstDelaySeconds: round(delays.at(-1)),
  };
}

function median(sorted: readonly number[]): number | undefined {
  const half = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[half - 1], sorted[half]];
  return sorted.length % 2 === 1 || low === undefined || high === undefined ? high : (low + high) / 2;
}

const round = (value: number | undefined): number | null => (value === undefined ? null : Math.round(value * 10) / 10);
