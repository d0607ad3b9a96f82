import { createLoadModel, findFfmpeg, type ModelHost } from '@vigilia/processor';
import { createLogger, systemClock, UsageError, within } from '@vigilia/service';
import { type CalibrationSource, calibrationOf, type ModelCalibration } from '@vigilia/vision';
import { type MeasuredModel, measurePictures } from './measure-pictures.ts';
import { frameForModel } from './model-frame.ts';

/** What `vigilia models check` reports about a model. */
export interface ModelReport {
  readonly model_id: string;
  readonly layout: string;
  readonly input: { readonly width: number; readonly height: number; readonly order: string; readonly colour: string };
  /** As the model gives them, such as `[1,84,8400]`; sides that it leaves free have its names. */
  readonly outputs: readonly { readonly name: string; readonly shape: readonly (number | string)[] }[];
  readonly labels: number;
  readonly passes: readonly number[];
  readonly picture: string;
  /** Score of the person in the embedded picture of one, 0: not found; null: not tried. */
  readonly person_confidence: number | null;
  /** Median of the runs after the first, ms a frame. */
  readonly milliseconds: number;
  readonly found: readonly {
    readonly class_name: string;
    readonly confidence: number;
    readonly box: readonly number[];
  }[];
  /** What the confidences mean: from the JSON beside the model, of a known model, or cautious values. */
  readonly calibration: ReturnType<typeof calibrationOf>;
  /** Only with a folder of pictures. */
  readonly measured?: MeasuredModel | undefined;
}

const runs = 7;

/**
 * Loads a model in a process of its own, as a processor does, and tries it on a picture.
 * @throws UsageError with the processor's code: `model_not_found`, `model_invalid`.
 */
export async function checkModel(o: {
  modelsDir: string;
  modelId: string;
  picture: string;
  confidence: number;
  /** Folder with pictures in `people` and `empty`, to measure the calibration. */
  pictures?: string | undefined;
}): Promise<ModelReport> {
  const logger = createLogger({ logger: 'vigilia.models', instanceId: 'cli', level: 'silent' });
  const load = createLoadModel({ modelsDir: o.modelsDir, clock: systemClock, logger, ffmpeg: findFfmpeg() });
  using limit = within(60_000);
  const host = await load(o.modelId, limit.signal).catch((error: unknown) => {
    throw asUsageError(error);
  });
  try {
    const report = await tryModel(host, o.picture, o.confidence);
    return o.pictures === undefined ? report : { ...report, measured: await measurePictures(host, o.pictures) };
  } finally {
    await host.stop();
  }
}

async function tryModel(host: ModelHost, picture: string, confidence: number): Promise<ModelReport> {
  const { description } = host;
  const frame = await frameForModel(picture, description);
  const first = await host.infer(frame, { confidence });
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    times.push((await host.infer(frame, { confidence })).inferenceMs);
  }
  times.sort((a, b) => a - b);
  return {
    model_id: host.modelId,
    layout: description.layout,
    input: {
      width: frame.width,
      height: frame.height,
      order: description.channelOrder,
      colour: description.colour,
    },
    outputs: description.outputs.map(({ name, shape }) => ({ name, shape })),
    labels: description.labels.length,
    passes: description.passes,
    picture,
    person_confidence: host.personConfidence === undefined ? null : Math.round(host.personConfidence * 100) / 100,
    milliseconds: Math.round((times[runs >> 1] ?? 0) * 10) / 10,
    found: first.detections.map(({ className, confidence: score, box }) => ({
      class_name: className,
      confidence: Math.round(score * 100) / 100,
      box: [box.x1, box.y1, box.x2, box.y2].map(Math.round),
    })),
    calibration: calibrationOf(host.modelId, description.calibration),
  };
}

function asUsageError(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== 'string' || typeof message !== 'string') return error;
  return new UsageError({ code, message, cause: error });
}

/** Why such a model is of no use, and what to do. */
const findsNobody = [
  'WARNING: the model finds no person in the embedded picture of one, so it would not find people in a room either.',
  '  A processor refuses it with the command change_model unless "force" is true.',
  '  Check its classes, its pixel range ("scale", "colour") and its layout, or export it again: docs/models.md',
].join('\n');

function personText(confidence: number | null): string {
  if (confidence === null) return 'not tried';
  return confidence === 0 ? 'NOT FOUND' : `found, ${confidence}`;
}

/** The report as lines for people. */
export function describeReport(report: ModelReport): string {
  const { input, found, outputs } = report;
  return [
    ...(report.person_confidence === 0 ? [findsNobody] : []),
    `${report.model_id}: ${report.layout}, ${input.width} × ${input.height} ${input.order} ${input.colour}, ${report.labels} classes`,
    `output ${outputs.map(({ name, shape }) => `${name} [${shape.join(',')}]`).join(', ')}`,
    `passes: ${report.passes.join(', ')}`,
    `person in the embedded picture: ${personText(report.person_confidence)}`,
    `${report.milliseconds} ms a frame here: about ${Math.max(1, Math.floor(1000 / report.milliseconds / 0.1))} rooms at 0.1 fps on this machine, if it did nothing else`,
    `in ${report.picture}: ${found.length === 0 ? 'nothing found' : ''}`,
    ...found.map(({ class_name, confidence, box }) => `  ${class_name} ${confidence} at (${box.join(', ')})`),
    `calibration (${sources[report.calibration.source]}): ${describeCalibration(report.calibration.calibration)}`,
    ...(report.measured === undefined ? [] : describeMeasured(report.measured)),
  ].join('\n');
}

const sources: Readonly<Record<CalibrationSource, string>> = {
  json: 'from the JSON beside the model',
  known: 'of a known model',
  default: 'cautious values: not measured, use --pictures',
};

function describeCalibration({ startConfidence, continueConfidence, furnitureConfidence, joints }: ModelCalibration) {
  const confirm = joints === undefined ? 'by confidence alone' : 'joints, if there are any, must confirm a person';
  return `start ${startConfidence}, continue ${continueConfidence}, not furniture from ${furnitureConfidence}, ${confirm}`;
}

function describeMeasured({ calibration, people, empty }: MeasuredModel): string[] {
  return [
    `measured: ${describeCalibration(calibration)}`,
    `  finds a person in ${people.found} of ${people.pictures} pictures with people, and in ${empty.mistaken} of ${empty.pictures} without`,
  ];
}
