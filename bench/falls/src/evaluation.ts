import { createRoomVision } from '@vigilia/vision';
import type { Clip } from './clip-list.ts';
import { shippedCalibration } from './fit-calibration.ts';
import { type FittedCalibration, FittedDecisions, shippedDecision } from './fitted-decisions.ts';
import type { Marks } from './marks.ts';
import { findModel, loadModel, type Model } from './model.ts';
import { type NightRun, runNights } from './nights.ts';
import { defaultModels, type Options } from './options.ts';
import { nightRates, reportedRates } from './rates.ts';
import { runClips } from './run-clips.ts';
import { type RowRuns, type Section, type SectionPlan, sections } from './sections.ts';
import { type Decision, type LookBack, productLookBack } from './simulate.ts';
import { verifyCache } from './verify-cache.ts';

/** What one run of the command found. */
export interface Evaluation {
  readonly sections: readonly { readonly section: Section; readonly rows: readonly RowRuns[] }[];
  readonly nights: readonly NightRun[];
  readonly fitted: readonly (FittedCalibration & { readonly modelId: string })[];
}

export interface EvaluationInput {
  readonly options: Options;
  readonly clips: readonly Clip[];
  readonly marks: Marks;
  readonly progress: (text: string) => void;
}

/** Analyses every frame and decides nothing: fills the cache of detections. */
const noDecision: Decision = {
  calibration: shippedCalibration('', undefined),
  room(zones) {
    const vision = createRoomVision({ zones });
    return { ...vision, observe: (state) => [state, [], []], tick: (state) => [state, []] };
  },
};

/** Runs the chosen sections with the chosen models. */
export async function evaluate(input: EvaluationInput): Promise<Evaluation> {
  const { options, clips, marks, progress } = input;
  const rows = new Map<Section, RowRuns[]>();
  const nights: NightRun[] = [];
  const fitted: (FittedCalibration & { readonly modelId: string })[] = [];
  for (const id of options.models) {
    const model = await loadNamed(id, options);
    const { cacheFolder } = options;
    const decisions = new FittedDecisions({ model, marks, cacheFolder });
    await verifyCache(clips, model, cacheFolder);
    for (const section of chosenSections(options, id)) {
      progress(`${id}: ${section.title}`);
      const found = await section.run(sectionPlan(input, model, decisions));
      rows.set(section, [...(rows.get(section) ?? []), ...found]);
    }
    nights.push(...(await watchNights(input, model)));
    fitted.push(...decisions.fitted.map((one) => ({ ...one, modelId: id })));
  }
  return { sections: [...rows].map(([section, found]) => ({ section, rows: found })), nights, fitted };
}

/** The nights without and with look-back, unless only one of them was asked for. */
async function watchNights({ options, clips, progress }: EvaluationInput, model: Model): Promise<NightRun[]> {
  if (!watchesNights(options, model.id)) return [];
  const { cacheFolder } = options;
  const decision = shippedDecision(model);
  const runs: NightRun[] = [];
  for (const lookBack of options.lookBack ? [productLookBack] : [undefined, productLookBack]) {
    for (const fps of options.rates ?? nightRates) {
      runs.push(...(await runNights(clips, model, { fps, decision, lookBack, cacheFolder, progress })));
    }
  }
  return runs;
}

/** Watches clips of the user's own with the shipped numbers. */
export async function evaluateOwn({ options, clips, progress }: EvaluationInput): Promise<RowRuns[]> {
  const rows: RowRuns[] = [];
  for (const id of options.models) {
    const model = await loadNamed(id, options);
    const { cacheFolder, rates = reportedRates } = options;
    const decision = shippedDecision(model);
    const lookBack = lookBackOf(options);
    const runs = await runClips({ clips, model, decision, rates, cacheFolder, lookBack, progress });
    rows.push({ title: 'own clips', runs });
  }
  return rows;
}

/** Fills the cache of detections for everything that `evaluate` watches, the first model first. */
export async function detect(input: EvaluationInput): Promise<void> {
  const { options, clips, progress } = input;
  const { cacheFolder, rates = nightRates } = options;
  for (const id of options.models) {
    const model = await loadNamed(id, options);
    const decisions = { decisionFor: async () => noDecision };
    for (const section of chosenSections(options, id)) {
      await section.run(sectionPlan(input, model, decisions));
    }
    if (!watchesNights(options, id)) continue;
    for (const fps of rates) {
      await runNights(clips, model, { fps, decision: noDecision, cacheFolder, progress, repetitions: 1 });
    }
  }
}

const lookBackOf = ({ lookBack }: Options): LookBack | undefined => (lookBack ? productLookBack : undefined);

const isEmbedded = (modelId: string): boolean => modelId === defaultModels[0];

/** Whether a model is judged also in the parts that take too long for test models. */
const isJudgedInAll = ({ modelsNamed }: Pick<Options, 'modelsNamed'>, modelId: string): boolean =>
  modelsNamed || isEmbedded(modelId);

/** Returns the parts in which a model is judged. */
export const chosenSections = (options: Pick<Options, 'splits' | 'modelsNamed'>, modelId: string): Section[] =>
  sections.filter(
    ({ id, testModels }) => options.splits.includes(id) && (testModels || isJudgedInAll(options, modelId)),
  );

const watchesNights = (options: Options, modelId: string): boolean =>
  options.splits.includes('nights') && isJudgedInAll(options, modelId);

function sectionPlan(
  { options, clips, marks, progress }: EvaluationInput,
  model: Model,
  decisions: SectionPlan['decisions'],
): SectionPlan {
  const { rates = reportedRates, cacheFolder } = options;
  const lookBack = lookBackOf(options);
  const embedded = isEmbedded(model.id);
  return { clips, marks, model, embedded, decisions, rates, cacheFolder, lookBack, progress };
}

async function loadNamed(id: string, { modelFolders }: Options): Promise<Model> {
  const file = findModel(id, modelFolders);
  if (!file) throw new Error(`The model ${id} is in none of ${modelFolders.join(', ')}.`);
  return loadModel(id, file);
}
