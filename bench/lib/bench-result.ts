/** One figure: a ratio of two measurements of the same run. */
export interface BenchFigure {
  readonly bench: string;
  readonly ratio: number;
  /** Such as `≤ 1.25`; `none` where the figure has no goal. */
  readonly goal: string;
}

/** The figure of a benchmark and its details. */
interface BenchResult extends BenchFigure {
  /** Figures of the same run that have goals of their own. */
  readonly more?: readonly BenchFigure[];
  readonly detail: Readonly<Record<string, unknown>>;
}

interface BenchOptions {
  /** Short runs: the figure is rough, but a gross loss shows. */
  readonly quick: boolean;
  /** As short as possible, and quick too: the figure means nothing, but it shows that the benchmark runs. */
  readonly brief: boolean;
  /** Reports what is being done. */
  readonly say: (text: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>;
