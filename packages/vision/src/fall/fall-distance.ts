import { boxCentre } from '../detection/box.ts';
import type { Fall } from './fall-state.ts';

/** A body lies no further from where it lay than this, in body scales. */
export const samePlaceScales = 1.5;

/** Returns how far apart two falls are, in scales of the larger body. */
export function scalesApart(a: Fall, b: Fall): number {
  const [here, there] = [boxCentre(a.box), boxCentre(b.box)];
  return Math.hypot(here.x - there.x, here.y - there.y) / Math.max(a.scale, b.scale);
}
