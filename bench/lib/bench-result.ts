/** One figure: a ratio of two measurements of the same run. */
export interface BenchFigure {
  readonly bench: string;
  readonly ratio: number;
  /** Such as `≤ 1.25`; `none` where the figure is only told. */
  readonly goal: string;
}

/** What a benchmark says, and what stands behind it. */
interface BenchResult extends BenchFigure {
  /** Figures of the same run that have goals of their own. */
  readonly more?: readonly BenchFigure[];
  readonly detail: Readonly<Record<string, unknown>>;
}

interface BenchOptions {
  /** Short runs: the figure is rough, but a gross loss shows. */
  readonly quick: boolean;
  /** As short as can be, which is quick too: the figure says nothing, but that it can be taken shows. */
  readonly brief: boolean;
  /** Tells what is being done. */
  readonly say: (text: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>;
