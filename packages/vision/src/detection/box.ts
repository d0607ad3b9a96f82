import type { Box } from './detection.ts';

export const boxWidth = (box: Box): number => box.x2 - box.x1;
export const boxHeight = (box: Box): number => box.y2 - box.y1;
export const boxArea = (box: Box): number => Math.max(0, boxWidth(box)) * Math.max(0, boxHeight(box));
export const boxCentre = (box: Box): { x: number; y: number } => ({
  x: (box.x1 + box.x2) / 2,
  y: (box.y1 + box.y2) / 2,
});

/** Area that two boxes share, px². */
export function intersectionArea(a: Box, b: Box): number {
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, 0..1; 0 for two empty boxes. */
export function iou(a: Box, b: Box): number {
  const shared = intersectionArea(a, b);
  return shared === 0 ? 0 : shared / (boxArea(a) + boxArea(b) - shared);
}

/** Share of the smaller box that lies in the other, 0..1: distinguishes a part of a person from a second person. */
export function containment(a: Box, b: Box): number {
  const shared = intersectionArea(a, b);
  return shared === 0 ? 0 : shared / Math.min(boxArea(a), boxArea(b));
}

/** Cuts a box to an image of the given size. */
export function clipBox(box: Box, width: number, height: number): Box {
  const clip = (value: number, limit: number) => Math.min(Math.max(value, 0), limit);
  return { x1: clip(box.x1, width), y1: clip(box.y1, height), x2: clip(box.x2, width), y2: clip(box.y2, height) };
}
