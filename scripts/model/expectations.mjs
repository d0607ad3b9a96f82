import { iou } from './peaks.mjs';

/** @typedef {import('./peaks.mjs').Person} Person */

/**
 * What the original graph finds in TensorFlow.js (class person, confidence ≥ 0.25, 512 × 512 letterbox with grey 114).
 * @type {Record<string, Person[]>}
 */
export const EXPECTED_PEOPLE = {
  'still-standing.png': [{ confidence: 0.7, box: [243, 188, 294, 325] }],
  'still-lying.png': [{ confidence: 0.37, box: [238, 252, 329, 360] }],
};

export const EXPECTED_CONFIDENCE = 0.25;

/**
 * @param {Person[]} found
 * @param {Person[]} expected
 * @param {{ confidence: number, iou: number }} tolerance largest difference of confidence, smallest overlap
 * @returns {string | undefined} what differs, undefined when everything is as expected
 */
export function difference(found, expected, tolerance) {
  if (found.length !== expected.length) return `${found.length} people instead of ${expected.length}`;
  for (const person of expected) {
    const twin = found.find(({ box }) => iou(box, person.box) >= tolerance.iou);
    if (!twin) return `nobody at ${person.box.join(', ')}`;
    if (Math.abs(twin.confidence - person.confidence) > tolerance.confidence) {
      return `confidence ${twin.confidence.toFixed(2)} instead of ${person.confidence} at ${person.box.join(', ')}`;
    }
  }
  return undefined;
}
