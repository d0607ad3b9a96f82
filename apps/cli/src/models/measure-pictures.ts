import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { ModelHost } from '@vigilia/processor';
import { UsageError } from '@vigilia/service';
import {
  type CalibrationSample,
  calibrationOf,
  type Detection,
  leastSamples,
  type ModelCalibration,
  meanVisibility,
  measureCalibration,
} from '@vigilia/vision';
import { frameForModel } from './model-frame.ts';

/** What a folder of pictures shows of a model. */
export interface MeasuredModel {
  readonly calibration: ModelCalibration;
  readonly people: { readonly pictures: number; readonly found: number };
  readonly empty: { readonly pictures: number; readonly mistaken: number };
}

const extensions = new Set(['.png', '.jpg', '.jpeg', '.webp', '.bmp']);
/** Everything from here on is of interest: what a model hardly believes is what a calibration is about. */
const leastConfidence = 0.05;

/**
 * Measures what a model's confidences mean, on the pictures of `folder/people` (each shows at least one person) and `folder/empty`
 * (rooms without people).
 * @throws UsageError `pictures_missing` where there are too few, `picture_unreadable`
 */
export async function measurePictures(host: ModelHost, folder: string): Promise<MeasuredModel> {
  const people = await surest(host, listPictures(folder, 'people'));
  const things = await surest(host, listPictures(folder, 'empty'));
  const hasJoints = [...people, ...things].some(({ visibility }) => visibility !== undefined);
  const prior = hasJoints ? calibrationOf(host.modelId, undefined).calibration.joints : undefined;
  const calibration = measureCalibration(people, things, prior);
  const started = (samples: readonly CalibrationSample[]): number =>
    samples.filter(({ confidence }) => confidence >= calibration.startConfidence).length;
  return {
    calibration,
    people: { pictures: people.length, found: started(people) },
    empty: { pictures: things.length, mistaken: started(things) },
  };
}

function listPictures(folder: string, kind: 'people' | 'empty'): string[] {
  const place = join(folder, kind);
  let names: string[] = [];
  try {
    names = readdirSync(place).filter((name) => extensions.has(extname(name).toLowerCase()));
  } catch {
    // as good as empty
  }
  if (names.length >= leastSamples) return names.sort().map((name) => join(place, name));
  throw new UsageError({
    code: 'pictures_missing',
    message: `${place} has ${names.length} pictures; at least ${leastSamples} are needed.`,
    remedy:
      'Put pictures with people (standing, sitting and lying) into "people" and pictures of the same rooms without anyone into "empty".',
  });
}

async function surest(host: ModelHost, pictures: readonly string[]): Promise<CalibrationSample[]> {
  const samples: CalibrationSample[] = [];
  for (const picture of pictures) {
    const frame = await frameForModel(picture, host.description);
    const { detections } = await host.infer(frame, { confidence: leastConfidence });
    samples.push(toSample(detections.find(({ className }) => className === 'person')));
  }
  return samples;
}

/** Detections come with the surest first. */
const toSample = (detection: Detection | undefined): CalibrationSample => ({
  confidence: detection?.confidence ?? 0,
  visibility: detection && meanVisibility(detection),
});
