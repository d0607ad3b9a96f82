/** A detection that a generated model answers; coordinates in pixels of its input. */
export interface ModelBox {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  /** COCO class; 0 = person. */
  classId?: number;
  confidence?: number;
  /** Pose models: 17 of them; by default spread down the box's middle with visibility 0.9. */
  keypoints?: readonly { x: number; y: number; visibility: number }[];
}

export type ModelOutputLayout = 'yolo-detect' | 'yolo-pose' | 'yolox' | 'end-to-end';

const STRIDES = [8, 16, 32];
const END_TO_END_ROWS = 300;
const KEYPOINTS = 17;

/** What a network of this layout and input size (px, square) puts out when it sees exactly these boxes. */
export function modelOutput(
  layout: ModelOutputLayout,
  size: number,
  boxes: readonly ModelBox[],
): { dims: [number, number, number]; data: Float32Array } {
  const cells = STRIDES.reduce((sum, stride) => sum + Math.floor(size / stride) ** 2, 0);
  switch (layout) {
    case 'yolo-detect':
      return columns(84, cells, boxes, (box, put) => put(4 + (box.classId ?? 0), box.confidence ?? 0.9));
    case 'yolo-pose':
      return columns(56, cells, boxes, (box, put) => {
        put(4, box.confidence ?? 0.9);
        keypointsOf(box).forEach(({ x, y, visibility }, index) => {
          put(5 + index * 3, x);
          put(6 + index * 3, y);
          put(7 + index * 3, visibility);
        });
      });
    case 'yolox':
      return yolox(size, cells, boxes);
    case 'end-to-end':
      return endToEnd(boxes);
  }
}

/** Ultralytics: `[1, channels, cells]`, a box in each column, centre and size first. */
function columns(
  channels: number,
  cells: number,
  boxes: readonly ModelBox[],
  fill: (box: ModelBox, put: (channel: number, value: number) => void) => void,
): { dims: [number, number, number]; data: Float32Array } {
  const data = new Float32Array(channels * cells);
  boxes.forEach((box, column) => {
    const put = (channel: number, value: number): void => {
      data[channel * cells + column] = value;
    };
    centreAndSize(box).forEach((value, channel) => {
      put(channel, value);
    });
    fill(box, put);
  });
  return { dims: [1, channels, cells], data };
}

/** YOLOX before its grid decoding, all boxes in the first cells of stride 8; scores are objectness × class. */
function yolox(
  size: number,
  cells: number,
  boxes: readonly ModelBox[],
): { dims: [number, number, number]; data: Float32Array } {
  const data = new Float32Array(cells * 85);
  const across = Math.floor(size / 8);
  boxes.forEach((box, cell) => {
    const [cx, cy, width, height] = centreAndSize(box);
    const row = [
      cx / 8 - (cell % across),
      cy / 8 - Math.floor(cell / across),
      Math.log(width / 8),
      Math.log(height / 8),
      1,
    ];
    data.set(row, cell * 85);
    data[cell * 85 + 5 + (box.classId ?? 0)] = box.confidence ?? 0.9;
  });
  return { dims: [1, cells, 85], data };
}

function endToEnd(boxes: readonly ModelBox[]): { dims: [number, number, number]; data: Float32Array } {
  const data = new Float32Array(END_TO_END_ROWS * 6);
  boxes.forEach(({ x1, y1, x2, y2, confidence = 0.9, classId = 0 }, row) => {
    data.set([x1, y1, x2, y2, confidence, classId], row * 6);
  });
  return { dims: [1, END_TO_END_ROWS, 6], data };
}

function centreAndSize({ x1, y1, x2, y2 }: ModelBox): [number, number, number, number] {
  return [(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1];
}

function keypointsOf(box: ModelBox): readonly { x: number; y: number; visibility: number }[] {
  return (
    box.keypoints ??
    Array.from({ length: KEYPOINTS }, (_, index) => ({
      x: (box.x1 + box.x2) / 2,
      y: box.y1 + ((box.y2 - box.y1) * index) / (KEYPOINTS - 1),
      visibility: 0.9,
    }))
  );
}
