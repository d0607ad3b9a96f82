import type { Box } from '../detection/detection.ts';
import type { Turn } from '../model/model-description.ts';

/** A turned frame of `width × height` fitted back into `width × height`; square inputs need no fitting. */
interface TurnGeometry {
  readonly scale: number;
  readonly padX: number;
  readonly padY: number;
}

function turnGeometry(width: number, height: number): TurnGeometry {
  const scale = Math.min(width / height, height / width);
  return {
    scale,
    padX: Math.floor((width - Math.round(height * scale)) / 2),
    padY: Math.floor((height - Math.round(width * scale)) / 2),
  };
}

/**
 * Byte offsets into an rgb24 frame for each column and row of the turned one: the source pixel of `(x, y)` begins at
 * `columns[x] + rows[y]`; −1 = padding. Nearest neighbour; exact for square frames.
 */
export function turnOffsets(width: number, height: number, turn: Turn): { columns: Int32Array; rows: Int32Array } {
  const columns = new Int32Array(width);
  const rows = new Int32Array(height);
  if (turn === 0) {
    for (let x = 0; x < width; x++) {
      columns[x] = x * 3;
    }
    for (let y = 0; y < height; y++) {
      rows[y] = y * width * 3;
    }
    return { columns, rows };
  }
  const { scale, padX, padY } = turnGeometry(width, height);
  for (let x = 0; x < width; x++) {
    const u = Math.floor((x - padX + 0.5) / scale); // column of the turned frame = a row of the source
    const row = turn === 90 ? height - 1 - u : u;
    columns[x] = row >= 0 && row < height ? row * width * 3 : -1;
  }
  for (let y = 0; y < height; y++) {
    const v = Math.floor((y - padY + 0.5) / scale); // row of the turned frame = a column of the source
    const column = turn === 90 ? v : width - 1 - v;
    rows[y] = column >= 0 && column < width ? column * 3 : -1;
  }
  return { columns, rows };
}

/** A point found in the turned input → the same point in the input as it was. `width`, `height` of the input, px. */
export function unturnPoint(x: number, y: number, width: number, height: number, turn: Turn): { x: number; y: number } {
  if (turn === 0) return { x, y };
  const { scale, padX, padY } = turnGeometry(width, height);
  const u = (x - padX) / scale;
  const v = (y - padY) / scale;
  return turn === 90 ? { x: v, y: height - u } : { x: width - v, y: u };
}

/** A box found in the turned input → the same box in the input as it was. */
export function unturnBox(box: Box, width: number, height: number, turn: Turn): Box {
  const a = unturnPoint(box.x1, box.y1, width, height, turn);
  const b = unturnPoint(box.x2, box.y2, width, height, turn);
  return { x1: Math.min(a.x, b.x), y1: Math.min(a.y, b.y), x2: Math.max(a.x, b.x), y2: Math.max(a.y, b.y) };
}
