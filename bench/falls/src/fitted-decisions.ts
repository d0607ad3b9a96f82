import { createRoomVision, type PersonScoreWeights } from '@vigilia/vision';
import { openClipDetector } from './clip-detector.ts';
import { fitPersonScore } from './fit-person-score.ts';
import type { Marks } from './marks.ts';
import type { Model } from './model.ts';
import { type PersonSample, personSamples, truthOf } from './person-samples.ts';
import type { Decision } from './simulate.ts';
import type { Fold } from './splits.ts';

/** What was fitted for a fold: the numbers of the person score, and from how many detections. */
export interface FittedScore {
  readonly title: string;
  readonly weights: PersonScoreWeights;
  readonly people: number;
  readonly things: number;
}

/**
 * Makes the fall decision of a fold: the shipped one, or one whose person score is fitted on the fold's clips. Nothing else is
 * fitted: the posture model is trained on simulated skeletons only.
 */
export class FittedDecisions {
  readonly #model: Model;
  readonly #marks: Marks;
  readonly #cacheFolder: string;
  readonly #scores = new Map<string, FittedScore>();

  constructor(options: { readonly model: Model; readonly marks: Marks; readonly cacheFolder: string }) {
    this.#model = options.model;
    this.#marks = options.marks;
    this.#cacheFolder = options.cacheFolder;
  }

  /** The scores that were fitted so far. */
  get scores(): readonly FittedScore[] {
    return [...this.#scores.values()];
  }

  async decisionFor(fold: Fold): Promise<Decision> {
    const personScore = fold.fittedOn === undefined ? undefined : (await this.#fit(fold)).weights;
    return (zones) => createRoomVision({ zones, personScore });
  }

  async #fit(fold: Fold): Promise<FittedScore> {
    const known = this.#scores.get(fold.title);
    if (known) return known;
    const samples: PersonSample[] = [];
    for (const clip of fold.fittedOn ?? []) {
      await using detector = await openClipDetector(clip, this.#model, { cacheFolder: this.#cacheFolder });
      const truth = truthOf(clip, this.#marks, detector);
      if (truth) samples.push(...(await personSamples(detector, truth)));
    }
    const people = samples.filter(({ person }) => person).length;
    const weights = fitPersonScore(samples);
    const fitted = { title: fold.title, weights, people, things: samples.length - people };
    this.#scores.set(fold.title, fitted);
    return fitted;
  }
}
