import type { Clip } from './clip-list.ts';
import { disturbances } from './disturbances.ts';
import type { ClipRun } from './evaluate-clip.ts';
import type { FittedDecisions } from './fitted-decisions.ts';
import { disturbClip } from './made-clip.ts';
import type { Marks } from './marks.ts';
import type { Model } from './model.ts';
import { type RunPlan, runClips } from './run-clips.ts';
import { type LookBack, productLookBack } from './simulate.ts';
import { crossDataSetFolds, type Fold, leaveOneSubjectOutFolds, otherFolds, renderedFolds } from './splits.ts';

/** One line of a table, or one of its parts. */
export interface RowRuns {
  readonly title: string;
  readonly runs: readonly ClipRun[];
}

export interface SectionPlan {
  readonly clips: readonly Clip[];
  readonly marks: Marks;
  readonly model: Model;
  readonly decisions: Pick<FittedDecisions, 'decisionFor'>;
  /** The model that the product ships: it alone is judged on the quiet rendered clips under disturbance. */
  readonly embedded: boolean;
  readonly rates: readonly number[];
  readonly cacheFolder: string;
  /** Absent: rooms do not look back. */
  readonly lookBack: LookBack | undefined;
  readonly progress: (text: string) => void;
}

/** One part of the report that watches clips. `id` is the value of `--split`. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly explanation: string;
  /** A line of the table that joins all rows. */
  readonly pooled: boolean;
  /** Test models are judged in it, too: they take three to four times as long for each frame as the embedded one. */
  readonly testModels: boolean;
  run(plan: SectionPlan): Promise<RowRuns[]>;
}

async function runFolds(
  folds: readonly Fold[],
  plan: SectionPlan,
  effort: Pick<RunPlan, 'sparse' | 'variants' | 'phases'> = {},
): Promise<RowRuns[]> {
  const rows: RowRuns[] = [];
  for (const fold of folds) {
    if (fold.judgedOn.length === 0) continue;
    const decision = await plan.decisions.decisionFor(fold);
    const { model, rates, cacheFolder, lookBack, progress } = plan;
    const clips = fold.judgedOn;
    const runs = await runClips({ ...effort, model, rates, cacheFolder, lookBack, progress, decision, clips });
    rows.push({ title: fold.title, runs });
  }
  return rows;
}

/** Disturbed clips are many: fewer frames, noisy versions of held frames, starting points and rates are analysed. */
const disturbedEffort = { sparse: true, variants: 6, phases: [0, 0.25, 0.5, 0.75] };
/** The resting rate and the usual one, frames per second. */
const disturbedRates: readonly number[] = [0.1, 1];

/** The folds across data sets under each disturbance; quiet rendered clips show what else might be taken for a fall. */
async function runDisturbances(plan: SectionPlan): Promise<RowRuns[]> {
  const quietRooms = plan.clips.filter(({ set, kind }) => set.startsWith('rendered') && kind !== 'fall');
  const quiet: Fold = { title: 'quiet rendered clips', fittedOn: undefined, judgedOn: quietRooms };
  const rates = plan.rates.filter((rate) => disturbedRates.includes(rate));
  const rows: RowRuns[] = [];
  for (const disturbance of disturbances) {
    const runs: ClipRun[] = [];
    for (const fold of plan.embedded ? [...crossDataSetFolds(plan.clips), quiet] : crossDataSetFolds(plan.clips)) {
      const judgedOn: Clip[] = [];
      for (const clip of fold.judgedOn) {
        const made = await disturbClip(clip, disturbance, plan);
        if (made && !(disturbance.quietOnly && made.kind === 'fall')) {
          judgedOn.push(made);
        }
      }
      for (const row of await runFolds([{ ...fold, judgedOn }], { ...plan, rates }, disturbedEffort)) {
        runs.push(...row.runs);
      }
    }
    rows.push({ title: disturbance.title, runs });
  }
  return rows;
}

/** At 5 frames per second no frames are left between two. */
const lookBackRates: readonly number[] = [0.1, 0.2, 1];

async function runLookBack(plan: SectionPlan): Promise<RowRuns[]> {
  const looking = {
    ...plan,
    rates: plan.rates.filter((rate) => lookBackRates.includes(rate)),
    lookBack: productLookBack,
  };
  const across = await runFolds(crossDataSetFolds(plan.clips), looking);
  const all = { title: 'across data sets', runs: across.flatMap(({ runs }) => runs) };
  return [all, ...across, ...(await runFolds(renderedFolds(plan.clips), looking))];
}

/** In the order of the report; the nights have a module of their own (nights.ts). */
export const sections: readonly Section[] = [
  {
    id: 'cross',
    title: 'Across data sets',
    explanation:
      'The model is calibrated on one data set and the rendered rooms, and judged on the other data set. The two sets share neither people nor rooms nor cameras. **This is the figure that is quoted.**',
    pooled: true,
    testModels: true,
    run: (plan) => runFolds(crossDataSetFolds(plan.clips), plan),
  },
  {
    id: 'look-back',
    title: 'Looking back',
    explanation:
      'The same folds and the rendered rooms, where the processor keeps packets (`--keep-packets`): on suspicion a room analyses what its camera sent in the last half minute at 4 frames per second, and knows the result 2 s later.',
    pooled: false,
    testModels: false,
    run: (plan) => runLookBack(plan),
  },
  {
    id: 'subjects',
    title: 'Leave one subject out',
    explanation:
      'The model is calibrated on all real clips without one person (and on the rendered rooms), and judged on that person. Other people in the same room remain in the fit.',
    pooled: true,
    testModels: false,
    run: (plan) => runFolds(leaveOneSubjectOutFolds(plan.clips), plan),
  },
  {
    id: 'disturbances',
    title: 'Under disturbance',
    explanation:
      'The clips of both data sets, made worse with ffmpeg, with the calibration fitted across data sets as above; and the quiet rendered clips under the same disturbance, with the shipped calibration (embedded model only). At 0.1 and 1 frame per second, from four starting points, on every second frame of the grid and with six versions of a held frame, because the clips are many.',
    pooled: false,
    testModels: false,
    run: runDisturbances,
  },
  {
    id: 'rendered',
    title: 'Rendered rooms',
    explanation: 'rooms: calibrated on URFD and GMDCSA24. rooms-hard: as shipped; these clips fitted nothing.',
    pooled: false,
    testModels: false,
    run: (plan) => runFolds(renderedFolds(plan.clips), plan),
  },
  {
    id: 'others',
    title: 'Care homes and other places',
    explanation: 'As shipped; these clips fitted nothing. The times of the falls in the care homes were marked by eye.',
    pooled: false,
    testModels: false,
    run: (plan) => runFolds(otherFolds(plan.clips), plan),
  },
];
