import { type BitReader, times } from './bit-reader.ts';

const mostPictures = 16;

/** A set of short-term reference pictures (ITU-T H.265, 7.3.7). */
export interface ReferenceSet {
  /** Distances to pictures before and after, with whether the current picture uses them. */
  readonly pictures: readonly { readonly distance: number; readonly used: boolean }[];
  /** How many of them the current picture uses. */
  readonly used: number;
}

/**
 * Reads a set.
 * @param known sets that were read before
 * @param ofSlice the set is in a slice header, after those of the sequence
 */
export function readReferenceSet(reader: BitReader, known: readonly ReferenceSet[], ofSlice: boolean): ReferenceSet {
  const pictures = known.length > 0 && reader.flag() ? predicted(reader, known, ofSlice) : listed(reader);
  return { pictures, used: pictures.filter(({ used }) => used).length };
}

function listed(reader: BitReader): ReferenceSet['pictures'] {
  const before = reader.unsigned(mostPictures);
  const after = reader.unsigned(mostPictures - before);
  const pictures: { distance: number; used: boolean }[] = [];
  for (const [count, sign] of [
    [before, -1],
    [after, 1],
  ] as const) {
    let distance = 0;
    times(count, () => {
      distance += sign * (reader.unsigned(0x7fff) + 1);
      pictures.push({ distance, used: reader.flag() });
    });
  }
  return pictures;
}

/** Predicted from another set (7-61 and 7-62); the order of the pictures does not matter here. */
function predicted(reader: BitReader, known: readonly ReferenceSet[], ofSlice: boolean): ReferenceSet['pictures'] {
  const back = ofSlice ? reader.unsigned(known.length - 1) + 1 : 1;
  const from = known[known.length - back];
  if (from === undefined) throw new RangeError('a set of reference pictures is missing');
  const isBefore = reader.flag();
  const delta = (isBefore ? -1 : 1) * (reader.unsigned(0x7fff) + 1);
  const pictures: { distance: number; used: boolean }[] = [];
  for (const { distance } of [...inOrder(from), { distance: 0 }]) {
    const used = reader.flag();
    const isKept = used || reader.flag();
    if (isKept && distance + delta !== 0) {
      pictures.push({ distance: distance + delta, used });
    }
  }
  if (pictures.length > mostPictures) throw new RangeError('a set has too many reference pictures');
  return inOrder({ pictures, used: 0 });
}

/** Pictures before, nearest first; then pictures after, nearest first. */
function inOrder({ pictures }: ReferenceSet): { distance: number; used: boolean }[] {
  const before = pictures.filter(({ distance }) => distance < 0).sort((a, b) => b.distance - a.distance);
  const after = pictures.filter(({ distance }) => distance > 0).sort((a, b) => a.distance - b.distance);
  return [...before, ...after];
}
