import {
  createLoadModel,
  type Frame,
  findFfmpeg,
  type ModelHost,
  personPictureConfidence,
  reframe,
} from '@vigilia/processor';
import { createLogger, systemClock, within } from '@vigilia/service';
import {
  chooseInputSize,
  displayedSize,
  type InputSize,
  type ModelDescription,
  type Rotation,
  rotations,
} from '@vigilia/vision';
import type { PeopleFound, RotationResult } from './room-survey.ts';

const loadLimitMs = 60_000;

/** Looks for people in frames of rooms, in every rotation. The model is loaded for the first room and kept for the others. */
export class PeopleFinder {
  readonly #modelsDir: string;
  readonly #modelId: string;
  #loading: Promise<ModelHost | undefined> | undefined;

  constructor(options: { readonly modelsDir: string; readonly modelId: string }) {
    this.#modelsDir = options.modelsDir;
    this.#modelId = options.modelId;
  }

  /** Returns undefined where the model cannot be loaded or finds no person in the embedded picture: the check of the model reports that. */
  async survey(frames: readonly Frame[]): Promise<PeopleFound | undefined> {
    this.#loading ??= this.#load();
    const host = await this.#loading;
    if (host === undefined || host.personConfidence === 0) return undefined;
    const rotationResults: RotationResult[] = [];
    for (const frame of frames) {
      rotationResults.push(...(await lookInEveryRotation(host, frame)));
    }
    const { modelId, description, personConfidence = personPictureConfidence } = host;
    const { resizable, maxInputFactor } = description;
    return { model: { modelId, personConfidence, resizable, maxInputFactor }, rotationResults };
  }

  async stop(): Promise<void> {
    const host = await this.#loading;
    await host?.stop();
  }

  async #load(): Promise<ModelHost | undefined> {
    const logger = createLogger({ logger: 'vigilia.doctor', instanceId: 'cli', level: 'silent' });
    const load = createLoadModel({ modelsDir: this.#modelsDir, clock: systemClock, logger, ffmpeg: findFfmpeg() });
    using limit = within(loadLimitMs);
    return await load(this.#modelId, limit.signal).catch(() => undefined);
  }
}

async function lookInEveryRotation(host: ModelHost, frame: Frame): Promise<RotationResult[]> {
  const rotationResults: RotationResult[] = [];
  for (const rotate of rotations) {
    const { width, height } = inputOf(host.description, frame, rotate);
    const turned = await reframe(findFfmpeg(), frame, { width, height, rotate });
    const { detections } = await host.infer(turned, { confidence: personPictureConfidence });
    rotationResults.push({ rotate, source: turned.displayed, input: { width, height }, detections });
  }
  return rotationResults;
}

/** The input that a processor would give a camera that is mounted like this. */
function inputOf(description: ModelDescription, { displayed }: Frame, rotate: Rotation): InputSize {
  if (!description.resizable) return description;
  const turned = displayedSize(
    { width: displayed.width, height: displayed.height, sar: 1 },
    { aspect: undefined, rotate },
  );
  return chooseInputSize({ frameSize: turned, standingHeight: undefined });
}
