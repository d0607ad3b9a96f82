import type { FallPolicy } from '../fall/fall-policy.ts';
import { boxHeight, boxWidth, iou } from '../model/box.ts';
import type { Box } from '../model/detection.ts';
import { assign } from './assignment.ts';
import type { Match, ScoredBox } from './byte-track.ts';

/** Who lies there: the boxes that overlap the place where a track was last seen low. */
export function matchByPlace(places: readonly (Box | undefined)[], boxes: readonly Box[], policy: FallPolicy): Match[] {
  const costs = places.map((place) => boxes.map((box) => (place ? 1 - iou(place, box) : Number.POSITIVE_INFINITY)));
  return assign(costs, 1 - policy.matching.placeIou).map(({ row, column }) => ({ track: row, observation: column }));
}

/** Who stays: boxes that overlap the last box of a track by half. Before anybody is thought to have walked there. */
export function matchByRest(lastBoxes: readonly Box[], boxes: readonly Box[], policy: FallPolicy): Match[] {
  const costs = lastBoxes.map((last) => boxes.map((box) => 1 - iou(last, box)));
  return assign(costs, 1 - policy.quiet.restIou).map(({ row, column }) => ({ track: row, observation: column }));
}

/** A person as the gate sees one: last box, standing height there, low or not, and how long ago, ms. */
export interface GatedTrack {
  readonly box: Box;
  readonly standing: number;
  readonly low: boolean;
  readonly agoMs: number;
  /** The last frame did not show this person: others come first. */
  readonly missing: boolean;
  /** Surely a person, in view until just now: may be found by a turned picture. */
  readonly findable: boolean;
}

export interface GatedBox extends ScoredBox {
  /** Only a turned picture shows it: then it continues only people who can be found so. */
  readonly turned: boolean;
}

/**
 * Who went where: by foot point, within the distance a person can walk in the time, and by size. Works at any rate; at
 * a tenth of a frame a second it means "somebody in this room", which is what can be known. Weak boxes, which may be
 * chairs, only continue somebody who was right there.
 */
export function matchByGate(tracks: readonly GatedTrack[], boxes: readonly GatedBox[], policy: FallPolicy): Match[] {
  const { gateHeights, gateHeightsPerSecond, lowGateHeights, turnedGateHeights, sizeFactor, sizeCost, missingCost } =
    policy.matching;
  const costs = tracks.map(({ box: last, standing, low, agoMs, missing, findable }) => {
    const walked = gateHeights + (gateHeightsPerSecond * agoMs) / 1000;
    return boxes.map(({ box, confidence, turned }) => {
      if (turned && !low && !findable) return Number.POSITIVE_INFINITY;
      const weak = confidence < policy.observation.startConfidence;
      const most = low ? lowGateHeights : turned ? turnedGateHeights : walked;
      const reach = weak ? gateHeights : Math.min(walked, most);
      const distance = Math.hypot((box.x1 + box.x2 - last.x1 - last.x2) / 2, box.y2 - last.y2) / standing;
      const size = Math.max(longer(box) / longer(last), longer(last) / longer(box));
      if (distance > reach || size > sizeFactor) return Number.POSITIVE_INFINITY;
      return distance + sizeCost * Math.log(size) + (missing ? missingCost : 0);
    });
  });
  return assign(costs, Number.MAX_VALUE).map(({ row, column }) => ({ track: row, observation: column }));
}

const longer = (box: Box): number => Math.max(boxWidth(box), boxHeight(box));
