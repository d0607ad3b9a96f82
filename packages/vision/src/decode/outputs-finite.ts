import type { TensorView } from '../model/model-description.ts';

/** False where a model's outputs hold NaN or infinity: a broken model, to be refused before it is used. */
export function outputsFinite(outputs: Readonly<Record<string, TensorView>>): boolean {
  return Object.values(outputs).every(({ data }) => data.every(Number.isFinite));
}
