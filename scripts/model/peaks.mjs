/** CenterNet's answer as boxes (Zhou et al., "Objects as Points", 2019): a cell that equals its 3×3 maximum is an object's centre. */

/** @typedef {{ confidence: number, box: [number, number, number, number] }} Person */
/** @typedef {{ keypoints: Float32Array, sizes: Float32Array, maxima: Float32Array }} Outputs */

const CELLS = 128;
const CLASSES = 80;
const STRIDE = 4;
const SAME_PERSON_IOU = 0.5;

/**
 * @param {Outputs} outputs heat map [128,128,80], distances left, top, right, bottom [128,128,4], 3×3 maximum of the heat map
 * @param {number} confidence
 * @returns {Person[]} class person only, best first, without doubles; x1, y1, x2, y2 in pixels of the model's input
 */
export function findPeople({ keypoints, sizes, maxima }, confidence) {
  /** @type {Person[]} */
  const people = [];
  for (let cell = 0; cell < CELLS * CELLS; cell++) {
    const score = keypoints[cell * CLASSES] ?? 0;
    if (!(score >= confidence) || score !== maxima[cell * CLASSES]) continue;
    const x = (cell % CELLS) * STRIDE;
    const y = Math.floor(cell / CELLS) * STRIDE;
    const [left = 0, top = 0, right = 0, bottom = 0] = sizes.subarray(cell * 4, cell * 4 + 4);
    people.push({ confidence: score, box: [x - left, y - top, x + right, y + bottom] });
  }
  people.sort((a, b) => b.confidence - a.confidence);
  return people.filter(
    (person, index) => !people.slice(0, index).some((better) => iou(better.box, person.box) > SAME_PERSON_IOU),
  );
}

/**
 * @param {Person['box']} a
 * @param {Person['box']} b
 * @returns {number} intersection over union, 0..1
 */
export function iou(a, b) {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const area = (/** @type {Person['box']} */ box) => (box[2] - box[0]) * (box[3] - box[1]);
  return (width * height) / (area(a) + area(b) - width * height);
}
