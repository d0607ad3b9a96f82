import { iou } from './peaks.mjs';

/** @typedef {import('./peaks.mjs').Person} Person */

export const EXPECTED_CONFIDENCE = 0.25;

/**
 * What the original graph finds in TensorFlow.js (confidence ≥ 0.25, letterbox with grey 114): picture → side of the square → people.
 * @type {Record<string, Record<number, Person[]>>}
 */
export const EXPECTED_PEOPLE = {
  'still-standing.png': {
    256: [{ confidence: 0.88, box: [121, 96, 146, 163] }],
    512: [{ confidence: 0.95, box: [242, 191, 293, 328] }],
  },
  'still-lying.png': {
    256: [{ confidence: 0.73, box: [115, 121, 161, 178] }],
    512: [{ confidence: 0.97, box: [230, 256, 326, 357] }],
  },
};

const TOLERANCE = { confidence: 0.02, pixels: 2 };

/**
 * @param {Person[]} found
 * @param {Person[]} expected
 * @returns {string | undefined} what differs by more than 0.02 or 2 pixels, undefined when everything is as expected
 */
export function difference(found, expected) {
  if (found.length !== expected.length) return `${found.length} people instead of ${expected.length}`;
  for (const person of expected) {
    const place = `at ${person.box.join(', ')}`;
    const [twin] = [...found].sort((a, b) => iou(b.box, person.box) - iou(a.box, person.box));
    const shift = Math.max(...person.box.map((side, index) => Math.abs(side - (twin?.box[index] ?? 0))));
    if (!twin || shift > TOLERANCE.pixels) return `a box ${shift.toFixed(1)} pixels off ${place}`;
    if (Math.abs(twin.confidence - person.confidence) > TOLERANCE.confidence) {
      return `confidence ${twin.confidence.toFixed(2)} instead of ${person.confidence} ${place}`;
    }
  }
  return undefined;
}
