import { z } from 'zod';
import type { Box } from '../model/detection.ts';

/** Mean and covariance of one quantity and its speed per frame. */
const componentSchema = z.object({ p: z.number(), v: z.number(), pp: z.number(), pv: z.number(), vv: z.number() });
type Component = z.infer<typeof componentSchema>;

/** Centre x, centre y, aspect (width/height) and height of a box. */
export const kalmanSchema = z.object({
  x: componentSchema,
  y: componentSchema,
  a: componentSchema,
  h: componentSchema,
});
export type Kalman = z.infer<typeof kalmanSchema>;

const positionWeight = 1 / 20;
const speedWeight = 1 / 160;
const aspectNoise = { position: 1e-2, speed: 1e-5, measurement: 1e-1 };

/*
 * The filter of ByteTrack (Zhang et al. 2022; from DeepSORT, Wojke et al. 2017): state x, y, a, h with constant speeds,
 * noise in proportion to the height. Its transition, process and measurement noise couple only a quantity with its own
 * speed, so the 8×8 filter is exactly four filters of 2×2.
 */

function measured(box: Box): { x: number; y: number; a: number; h: number } {
  const height = Math.max(box.y2 - box.y1, 1e-6);
  return { x: (box.x1 + box.x2) / 2, y: (box.y1 + box.y2) / 2, a: (box.x2 - box.x1) / height, h: height };
}

/** A filter for a box seen for the first time. */
export function startKalman(box: Box): Kalman {
  const { x, y, a, h } = measured(box);
  const start = (p: number, deviation: number, speedDeviation: number): Component => ({
    p,
    v: 0,
    pp: deviation ** 2,
    pv: 0,
    vv: speedDeviation ** 2,
  });
  const size = (p: number) => start(p, 2 * positionWeight * h, 10 * speedWeight * h);
  return { x: size(x), y: size(y), a: start(a, aspectNoise.position, aspectNoise.speed), h: size(h) };
}

/** Carries the state `frames` frames on (a fraction is allowed; noise grows in proportion). */
export function predictKalman(state: Kalman, frames: number): Kalman {
  const h = state.h.p;
  const step = (c: Component, position: number, speed: number): Component => ({
    p: c.p + c.v * frames,
    v: c.v,
    pp: c.pp + 2 * frames * c.pv + frames ** 2 * c.vv + position ** 2 * frames,
    pv: c.pv + frames * c.vv,
    vv: c.vv + speed ** 2 * frames,
  });
  const size = (c: Component) => step(c, positionWeight * h, speedWeight * h);
  return {
    x: size(state.x),
    y: size(state.y),
    a: step(state.a, aspectNoise.position, aspectNoise.speed),
    h: size(state.h),
  };
}

/** Corrects a predicted state by a measured box. */
export function updateKalman(state: Kalman, box: Box): Kalman {
  const seen = measured(box);
  const correct = (c: Component, value: number, deviation: number): Component => {
    const gain = c.pp / (c.pp + deviation ** 2);
    const speedGain = c.pv / (c.pp + deviation ** 2);
    const error = value - c.p;
    return {
      p: c.p + gain * error,
      v: c.v + speedGain * error,
      pp: (1 - gain) * c.pp,
      pv: (1 - gain) * c.pv,
      vv: c.vv - speedGain * c.pv,
    };
  };
  const deviation = positionWeight * state.h.p;
  return {
    x: correct(state.x, seen.x, deviation),
    y: correct(state.y, seen.y, deviation),
    a: correct(state.a, seen.a, aspectNoise.measurement),
    h: correct(state.h, seen.h, deviation),
  };
}

/** The box a state stands for. */
export function kalmanBox({ x, y, a, h }: Kalman): Box {
  const halfWidth = (a.p * h.p) / 2;
  return { x1: x.p - halfWidth, y1: y.p - h.p / 2, x2: x.p + halfWidth, y2: y.p + h.p / 2 };
}
