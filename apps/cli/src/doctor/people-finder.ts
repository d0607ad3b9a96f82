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
  calibrationOf,
  chooseInputSize,
  type Detection,
  displayedSize,
  type InputSize,
  letterboxGeometry,
  type ModelDescription,
  type Rotation,
  rotations,
} from '@vigilia/vision';
import { showsStandingPerson } from './judge-people.ts';
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
    const { calibration } = calibrationOf(modelId, description.calibration);
    const model = { modelId, personConfidence, calibration };
    const zoomedResults: RotationResult[] = [];
    if (!showsStandingPerson({ model, rotationResults })) {
      for (const frame of frames) {
        zoomedResults.push(await lookZoomed(host, frame));
      }
    }
    return { model, rotationResults, zoomedResults };
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
    rotationResults.push({ rotate, displayed: turned.displayed, input: { width, height }, detections });
  }
  return rotationResults;
}

/** Where the parts begin, each half as wide and high as the frame: a person of up to a quarter of its height is whole in one. */
const partOffsets = [0, 0.25, 0.5];

async function lookZoomed(host: ModelHost, frame: Frame): Promise<RotationResult> {
  const { displayed } = frame;
  const detections: Detection[] = [];
  for (const top of partOffsets) {
    for (const left of partOffsets) {
      const { part, scale, offset } = partOf(frame, left, top);
      const { width, height } = inputOf(host.description, part, 0);
      const shown = await reframe(findFfmpeg(), part, { width, height, rotate: 0 });
      const found = await host.infer(shown, { confidence: personPictureConfidence });
      detections.push(...found.detections.map((detection) => movedBack(detection, scale, offset)));
    }
  }
  return { rotate: 0, displayed, input: inputOf(host.description, frame, 0), detections };
}

/** Returns half of a frame's displayed width and height from there on (shares of the frame), with square pixels of the frame's own scale. */
function partOf(frame: Frame, left: number, top: number): { part: Frame; scale: number; offset: Point } {
  const { displayed, data } = frame;
  const { scale, padX, padY } = letterboxGeometry(displayed.width, displayed.height, frame.width, frame.height);
  const width = Math.floor((displayed.width * scale) / 2);
  const height = Math.floor((displayed.height * scale) / 2);
  const offset = { x: Math.floor(displayed.width * scale * left), y: Math.floor(displayed.height * scale * top) };
  const part = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((padY + offset.y + row) * frame.width + padX + offset.x) * 3;
    part.set(data.subarray(from, from + width * 3), row * width * 3);
  }
  const { sourceId, sequence, wallMs, monotonicMs } = frame;
  const size = { width, height };
  return {
    part: { sourceId, data: part, width, height, displayed: size, sequence, wallMs, monotonicMs },
    scale,
    offset,
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Returns a detection in a part of a frame, in pixels of the camera's frame. */
function movedBack(detection: Detection, scale: number, offset: Point): Detection {
  const { classId, className, confidence, box, keypoints } = detection;
  const x = (value: number): number => (value + offset.x) / scale;
  const y = (value: number): number => (value + offset.y) / scale;
  const moved = { x1: x(box.x1), y1: y(box.y1), x2: x(box.x2), y2: y(box.y2) };
  if (keypoints === undefined) return { classId, className, confidence, box: moved };
  const joints = keypoints.map((joint) => ({ x: x(joint.x), y: y(joint.y), visibility: joint.visibility }));
  return { classId, className, confidence, box: moved, keypoints: joints };
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
