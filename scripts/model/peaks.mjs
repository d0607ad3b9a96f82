/** MoveNet's people as boxes (Zhou et al., "Objects as Points", 2019): a cell that equals its 5×5 maximum is a person's centre. */

/** @typedef {{ confidence: number, box: [number, number, number, number] }} Person */
/** @typedef {{ centre: Float32Array, size: Float32Array, offset: Float32Array, rows: number, columns: number }} Heads */

const STRIDE = 4;
const REACH = 2;
const SAME_PERSON_IOU = 0.5;

/**
 * @param {Heads} heads score [rows, columns]; height and width of the box and offset y, x of its centre [2, rows, columns], in cells
 * @param {number} confidence
 * @returns {Person[]} best first, without doubles; x1, y1, x2, y2 in pixels of the model's input
 */
export function findPeople({ centre, size, offset, rows, columns }, confidence) {
  const cells = rows * columns;
  /** @type {Person[]} */
  const people = [];
  for (let cell = 0; cell < cells; cell++) {
    const score = centre[cell] ?? 0;
    const [x, y] = [cell % columns, Math.floor(cell / columns)];
    if (!(score >= confidence) || score < maximumAround(centre, { x, y, rows, columns })) continue;
    const centreX = (x + (offset[cells + cell] ?? 0)) * STRIDE;
    const centreY = (y + (offset[cell] ?? 0)) * STRIDE;
    const halfWidth = (Math.max(1, size[cells + cell] ?? 0) * STRIDE) / 2;
    const halfHeight = (Math.max(1, size[cell] ?? 0) * STRIDE) / 2;
    const box = [centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight];
    people.push({ confidence: score, box: /** @type {Person['box']} */ (box) });
  }
  people.sort((a, b) => b.confidence - a.confidence);
  return people.filter(
    (person, index) => !people.slice(0, index).some((better) => iou(better.box, person.box) > SAME_PERSON_IOU),
  );
}

/**
 * @param {Float32Array} map
 * @param {{ x: number, y: number, rows: number, columns: number }} place
 */
function maximumAround(map, { x, y, rows, columns }) {
  let highest = 0;
  for (let row = Math.max(0, y - REACH); row <= Math.min(rows - 1, y + REACH); row++) {
    for (let column = Math.max(0, x - REACH); column <= Math.min(columns - 1, x + REACH); column++) {
      highest = Math.max(highest, map[row * columns + column] ?? 0);
    }
  }
  return highest;
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
