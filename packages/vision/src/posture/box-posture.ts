import { boxHeight, boxWidth } from '../detection/box.ts';
import type { Box } from '../detection/detection.ts';
import type { ByPosture } from './posture-model.ts';

/** Postures judged from the shape of a box, with the shares of the postures that the judgement assumes. */
export interface BoxPosture {
  readonly posture: ByPosture;
  readonly prior: ByPosture;
}

/** As the posture model with joints assumes, so that both weigh the same. */
const prior: ByPosture = [0.29, 0.3, 0.1, 0.31];
/** A box nearer to the border of the frame than this (image heights) is cut off by it. */
const border = 0.015;

/**
 * Log odds of each posture by the shape of the box, per unit of ln(width / height) and of the height as a share of a standing person's.
 * From the medians of upright (0.42), sitting (0.75), floor-sitting (0.9) and lying (1.7) boxes in URFD and GMDCSA24, with deviations of about
 * 0.35 in the logarithm; heights: 0.97, 0.68, 0.45, 0.33 with deviations of 0.16.
 */
const shapes = { logAspect: [-0.87, -0.35, -0.1, 0.5], height: [0.97, 0.68, 0.45, 0.33] } as const;
const aspectDeviation = 0.35;
const heightDeviation = 0.16;
/** Shapes are never surer than this: boxes of furniture and of two people have any shape. */
const leastLikelihood = 0.01;

/**
 * Judges a posture from a box alone, for models without joints. What the border of the frame cuts off is unknown: a box cut above or below
 * may be taller, so it does not indicate lying; one cut at a side may be wider, so it does not indicate standing.
 * @param aspect width of the frame in image heights @param standing height of a standing person there, image heights; absent where not known
 */
export function boxPosture(box: Box, aspect: number, standing: number | undefined): BoxPosture {
  const cutHeight = box.y1 <= border || box.y2 >= 1 - border;
  const cutWidth = box.x1 <= border || box.x2 >= aspect - border;
  const logAspect = Math.log(Math.max(1e-3, boxWidth(box)) / Math.max(1e-3, boxHeight(box)));
  const share = standing === undefined || cutHeight ? undefined : boxHeight(box) / standing;
  const likelihood = (index: 0 | 1 | 2 | 3): number => {
    const across = (logAspect - shapes.logAspect[index]) / aspectDeviation;
    const isUnknown = (cutHeight && across > 0) || (cutWidth && across < 0);
    const down = share === undefined ? 0 : (share - shapes.height[index]) / heightDeviation;
    return leastLikelihood + Math.exp(-((isUnknown ? 0 : across ** 2) + down ** 2) / 2);
  };
  const [upright, sitting, floorSitting, lying] = [
    prior[0] * likelihood(0),
    prior[1] * likelihood(1),
    prior[2] * likelihood(2),
    prior[3] * likelihood(3),
  ];
  const total = upright + sitting + floorSitting + lying;
  return { posture: [upright / total, sitting / total, floorSitting / total, lying / total], prior };
}
