import type { Box } from '../detection/detection.ts';
import { ModelOutputError, type TensorView } from '../model/model-description.ts';
import type { RowChannels, RowFormat } from '../model/row-format.ts';
import type { InputSize } from '../movenet/input-size.ts';
import { boxFromCentre } from './candidate.ts';

export type Outputs = Readonly<Record<string, TensorView>>;

/** The numbers of some channels in one output, by object. */
export interface RowReader {
  readonly data: Float32Array;
  /** Number of objects. */
  readonly rows: number;
  /** Distance between two objects, and between two numbers of an object. */
  readonly rowStep: number;
  readonly numberStep: number;
  /** Where the first number of the first object is. */
  readonly start: number;
  /** Number `k` of an object. */
  at(row: number, k: number): number;
}

/** Throws `ModelOutputError` where the output is missing or does not have the shape that the model file announced. */
export function rowReader(outputs: Outputs, channels: RowChannels): RowReader {
  const output = outputs[channels.output];
  const { numbers, first, objects } = channels;
  if (output === undefined) throw new ModelOutputError(`The model gave no output "${channels.output}".`);
  const { data, dims } = output;
  const rows = data.length / numbers;
  if (!Number.isInteger(rows)) {
    throw new ModelOutputError(
      `The model's output ${channels.output} has the shape [${dims.join(',')}] instead of ${numbers} numbers per object.`,
    );
  }
  const [rowStep, numberStep] = objects === 'rows' ? [numbers, 1] : [1, rows];
  const start = first * numberStep;
  return {
    data,
    rows,
    rowStep,
    numberStep,
    start,
    at: (row, k) => data[start + row * rowStep + k * numberStep] as number,
  };
}

/** Returns the function that gives the box of an object in pixels of the model's input. */
export function boxReader(outputs: Outputs, format: RowFormat, size: InputSize): (row: number) => Box {
  const { at, rows } = rowReader(outputs, format.box);
  const [across, down] = format.unit === 'share' ? [size.width, size.height] : [1, 1];
  switch (format.boxCoding) {
    case 'corners':
      return (row) => ({
        x1: at(row, 0) * across,
        y1: at(row, 1) * down,
        x2: at(row, 2) * across,
        y2: at(row, 3) * down,
      });
    case 'centre':
      return (row) => boxFromCentre(at(row, 0) * across, at(row, 1) * down, at(row, 2) * across, at(row, 3) * down);
    case 'cells': {
      const cells = gridCells(size, rows);
      return (row) => {
        const { x, y, stride } = cells[row] as Cell;
        const [cx, cy] = [(at(row, 0) + x) * stride, (at(row, 1) + y) * stride];
        return boxFromCentre(cx, cy, Math.exp(at(row, 2)) * stride, Math.exp(at(row, 3)) * stride);
      };
    }
  }
}

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly stride: number;
}

/**
 * The cells of YOLOX' grids in the order of its rows: centre = (d + cell) × stride, size = exp × stride (Ge et al. 2021,
 * `demo_postprocess`).
 */
function gridCells({ width, height }: InputSize, rows: number): readonly Cell[] {
  const cells = [8, 16, 32].flatMap((stride) => {
    const [across, down] = [Math.floor(width / stride), Math.floor(height / stride)];
    return Array.from({ length: across * down }, (_, n) => ({ x: n % across, y: Math.floor(n / across), stride }));
  });
  if (cells.length === rows) return cells;
  throw new ModelOutputError(
    `The model gave ${rows} rows, a YOLOX for ${width} × ${height} has ${cells.length} (strides 8, 16 and 32).`,
  );
}
