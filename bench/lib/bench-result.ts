/** What a benchmark says: one figure that is a ratio of two measurements of the same run, and what stands behind it. */
export interface BenchResult {
  readonly bench: string;
  readonly ratio: number;
  /** Such as `≤ 1.25`; `none` where the figure is only told. */
  readonly goal: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface BenchOptions {
  /** Short runs: the figure is rough, but a gross loss shows. */
  readonly quick: boolean;
  /** Tells what is being done. */
  readonly say: (text: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>;
