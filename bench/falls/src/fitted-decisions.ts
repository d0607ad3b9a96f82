import { createRoomVision, type ModelCalibration } from '@vigilia/vision';
import { openClipDetector } from './clip-detector.ts';
import { fitCalibration, shippedCalibration } from './fit-calibration.ts';
import type { Marks } from './marks.ts';
import type { Model } from './model.ts';
import { type SampledFrame, sampleFrames, truthOf } from './person-samples.ts';
import type { Decision } from './simulate.ts';
import type { Fold } from './splits.ts';

/** What was fitted for a fold, and to how many frames. */
export interface FittedCalibration {
  readonly title: string;
  readonly calibration: ModelCalibration;
  readonly framesWithPeople: number;
  readonly framesWithout: number;
}

/** Returns the decision of the product with a model, as it is shipped. */
export const shippedDecision = (model: Pick<Model, 'id' | 'calibration'>): Decision =>
  decisionWith(shippedCalibration(model.id, model.calibration));

const decisionWith = (calibration: ModelCalibration): Decision => ({
  calibration,
  room: (zones) => createRoomVision({ zones }),
});

/**
 * Makes the fall decision of a fold: the shipped one, or one whose model is calibrated on the fold's clips. Nothing else is fitted: the
 * posture model is trained on simulated skeletons only.
 */
export class FittedDecisions {
  readonly #model: Model;
  readonly #marks: Marks;
  readonly #cacheFolder: string;
  readonly #fitted = new Map<string, FittedCalibration>();

  constructor(options: { readonly model: Model; readonly marks: Marks; readonly cacheFolder: string }) {
    this.#model = options.model;
    this.#marks = options.marks;
    this.#cacheFolder = options.cacheFolder;
  }

  /** What was fitted so far. */
  get fitted(): readonly FittedCalibration[] {
    return [...this.#fitted.values()];
  }

  async decisionFor(fold: Fold): Promise<Decision> {
    if (fold.fittedOn === undefined) return shippedDecision(this.#model);
    return decisionWith((await this.#fit(fold)).calibration);
  }

  async #fit(fold: Fold): Promise<FittedCalibration> {
    const known = this.#fitted.get(fold.title);
    if (known) return known;
    const frames: SampledFrame[] = [];
    for (const clip of fold.fittedOn ?? []) {
      await using detector = await openClipDetector(clip, this.#model, { cacheFolder: this.#cacheFolder });
      const truth = truthOf(clip, this.#marks, detector);
      if (truth) {
        frames.push(...(await sampleFrames(detector, truth)));
      }
    }
    const framesWithPeople = frames.filter(({ people }) => people > 0).length;
    const fitted: FittedCalibration = {
      title: fold.title,
      calibration: fitCalibration(frames),
      framesWithPeople,
      framesWithout: frames.length - framesWithPeople,
    };
    this.#fitted.set(fold.title, fitted);
    return fitted;
  }
}
