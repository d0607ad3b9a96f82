import type { ClipRun } from './evaluate-clip.ts';
import { type Interval, wilson } from './wilson.ts';

/** Figures of many runs. Every clip is run once per phase; all runs of one clip are one trial of the interval. */
export interface Summary {
  readonly clips: number;
  readonly fallClips: number;
  readonly falls: number;
  readonly found: number;
  /** Share of the falls found, 0..1; undefined without falls. */
  readonly recall: number | undefined;
  /** Wilson, 95 %, with one trial per clip. */
  readonly interval: Interval | undefined;
  readonly falseAlarms: number;
  readonly earlyClaims: number;
  /** False alarms in runs of clips without a fall. */
  readonly quietAlarms: number;
  readonly quietRuns: number;
  readonly suspicions: number;
  readonly medianDelaySeconds: number | null;
  readonly worstDelaySeconds: number | null;
}

export function summarise(runs: readonly ClipRun[]): Summary {
  const falls = runs.filter(({ clip }) => clip.kind === 'fall');
  const quiet = runs.filter(({ clip }) => clip.kind !== 'fall');
  const delays = runs.flatMap(({ delaySeconds }) => delaySeconds ?? []).sort((a, b) => a - b);
  const found = falls.filter((run) => run.found).length;
  const fallClips = new Set(falls.map(({ clip }) => clip.name)).size;
  const recall = falls.length === 0 ? undefined : found / falls.length;
  return {
    clips: new Set(runs.map(({ clip }) => clip.name)).size,
    fallClips,
    falls: falls.length,
    found,
    recall,
    interval: recall === undefined ? undefined : wilson(recall * fallClips, fallClips),
    falseAlarms: sum(runs, ({ falseAlarms }) => falseAlarms),
    earlyClaims: sum(runs, ({ earlyClaims }) => earlyClaims),
    quietAlarms: sum(quiet, ({ falseAlarms }) => falseAlarms),
    quietRuns: quiet.length,
    suspicions: sum(runs, ({ suspicions }) => suspicions),
    medianDelaySeconds: round(median(delays)),
    worstDelaySeconds: round(delays.at(-1)),
  };
}

const sum = (runs: readonly ClipRun[], of: (run: ClipRun) => number): number =>
  runs.reduce((total, run) => total + of(run), 0);

function median(sorted: readonly number[]): number | undefined {
  const half = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[half - 1], sorted[half]];
  return sorted.length % 2 === 1 || low === undefined || high === undefined ? high : (low + high) / 2;
}

const round = (value: number | undefined): number | null => (value === undefined ? null : Math.round(value * 10) / 10);
