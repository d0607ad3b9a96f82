import { BitReader, times } from './bit-reader.ts';

/** Kinds of NAL units (ITU-T H.264, table 7-1). */
const kinds = { slice: 1, idrSlice: 5, sequence: 7, picture: 8 } as const;
/** Chroma and bit depths are listed for these profiles (7.3.2.1.1). */
const highProfiles: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
/** More than any level allows. */
const most = { sets: 255, references: 31, operations: 66, offsets: 255 } as const;
const headerBytes = 512;
const setBytes = 4096;

interface Sequence {
  readonly chroma: boolean;
  readonly separatePlanes: boolean;
  readonly frameNumberBits: number;
  readonly orderType: number;
  readonly orderBits: number;
  readonly deltaOrderAlwaysZero: boolean;
  readonly framesOnly: boolean;
}

interface Picture {
  readonly sequence: number;
  readonly cabac: boolean;
  readonly bottomFieldOrder: boolean;
  readonly references: readonly [number, number];
  readonly weighted: boolean;
  readonly weightedBoth: number;
  readonly quantiser: number;
  readonly redundant: boolean;
}

/** Reads the quantiser of H.264 slices, with the parameter sets that came before. */
export class H264Quantiser {
  readonly #sequences = new Map<number, Sequence>();
  readonly #pictures = new Map<number, Picture>();

  /**
   * Takes one NAL unit without its start code.
   * @returns the quantiser of a slice (0 to 51, below 0 for more than 8 bits); undefined for other units
   * @throws RangeError where the unit cannot be read
   */
  take(unit: Uint8Array): number | undefined {
    const [header = 0] = unit;
    const kind = header & 0x1f;
    switch (kind) {
      case kinds.sequence:
        this.#takeSequence(unit);
        return undefined;
      case kinds.picture:
        this.#takePicture(unit);
        return undefined;
      case kinds.slice:
      case kinds.idrSlice:
        return this.#ofSlice(unit, { isIdr: kind === kinds.idrSlice, isReference: (header & 0x60) !== 0 });
      default:
        return undefined;
    }
  }

  /** 7.3.2.1.1 */
  #takeSequence(unit: Uint8Array): void {
    const reader = new BitReader(unit, setBytes);
    reader.skip(8);
    const profile = reader.bits(8);
    reader.skip(16);
    const id = reader.unsigned(most.sets);
    let [chroma, separatePlanes] = [true, false];
    if (highProfiles.has(profile)) {
      const format = reader.unsigned(3);
      separatePlanes = format === 3 && reader.flag();
      chroma = format !== 0 && !separatePlanes;
      reader.unsigned(6);
      reader.unsigned(6);
      reader.skip(1);
      skipScalingMatrix(reader, format === 3 ? 12 : 8);
    }
    const frameNumberBits = reader.unsigned(12) + 4;
    const orderType = reader.unsigned(2);
    const orderBits = orderType === 0 ? reader.unsigned(12) + 4 : 0;
    const deltaOrderAlwaysZero = orderType === 1 && reader.flag();
    if (orderType === 1) {
      reader.signed();
      reader.signed();
      times(reader.unsigned(most.offsets), () => reader.signed());
    }
    reader.unsigned();
    reader.skip(1);
    reader.unsigned();
    reader.unsigned();
    const framesOnly = reader.flag();
    this.#sequences.set(id, {
      chroma,
      separatePlanes,
      frameNumberBits,
      orderType,
      orderBits,
      deltaOrderAlwaysZero,
      framesOnly,
    });
  }

  /** 7.3.2.2. Slice groups are not used by cameras: such a stream gives no quantiser. */
  #takePicture(unit: Uint8Array): void {
    const reader = new BitReader(unit, setBytes);
    reader.skip(8);
    const id = reader.unsigned(most.sets);
    const sequence = reader.unsigned(most.sets);
    const cabac = reader.flag();
    const bottomFieldOrder = reader.flag();
    reader.unsigned(0);
    const references = [reader.unsigned(most.references) + 1, reader.unsigned(most.references) + 1] as const;
    const weighted = reader.flag();
    const weightedBoth = reader.bits(2);
    const quantiser = 26 + reader.signed();
    reader.signed();
    reader.signed();
    reader.skip(2);
    const redundant = reader.flag();
    const picture = { sequence, cabac, bottomFieldOrder, references, weighted, weightedBoth, quantiser, redundant };
    this.#pictures.set(id, picture);
  }

  /** 7.3.3 */
  #ofSlice(unit: Uint8Array, nal: { readonly isIdr: boolean; readonly isReference: boolean }): number {
    const reader = new BitReader(unit, headerBytes);
    reader.skip(8);
    reader.unsigned();
    const type = (['P', 'B', 'I', 'P', 'I'] as const)[reader.unsigned(9) % 5] ?? 'I';
    const picture = this.#pictures.get(reader.unsigned(most.sets));
    const sequence = picture && this.#sequences.get(picture.sequence);
    if (picture === undefined || sequence === undefined) throw new RangeError('the parameter sets are missing');
    skipOrder(reader, sequence, picture, nal.isIdr);
    if (picture.redundant) {
      reader.unsigned();
    }
    if (type !== 'I') {
      skipReferences(reader, sequence, picture, type);
    }
    if (nal.isReference) {
      skipMarking(reader, nal.isIdr);
    }
    if (picture.cabac && type !== 'I') {
      reader.unsigned(2);
    }
    return picture.quantiser + reader.signed();
  }
}

function skipOrder(reader: BitReader, sequence: Sequence, picture: Picture, isIdr: boolean): void {
  reader.skip(sequence.separatePlanes ? 2 : 0);
  reader.skip(sequence.frameNumberBits);
  const isField = !sequence.framesOnly && reader.flag();
  reader.skip(isField ? 1 : 0);
  if (isIdr) {
    reader.unsigned();
  }
  const bothFields = picture.bottomFieldOrder && !isField;
  if (sequence.orderType === 0) {
    reader.skip(sequence.orderBits);
    times(bothFields ? 1 : 0, () => reader.signed());
  } else if (sequence.orderType === 1 && !sequence.deltaOrderAlwaysZero) {
    times(bothFields ? 2 : 1, () => reader.signed());
  }
}

function skipReferences(reader: BitReader, sequence: Sequence, picture: Picture, type: 'P' | 'B'): void {
  reader.skip(type === 'B' ? 1 : 0);
  const lists = type === 'B' ? 2 : 1;
  let counts: readonly number[] = picture.references;
  if (reader.flag()) {
    counts = Array.from({ length: lists }, () => reader.unsigned(most.references) + 1);
  }
  times(lists, () => skipListChanges(reader));
  const isWeighted = type === 'P' ? picture.weighted : picture.weightedBoth === 1;
  if (isWeighted) {
    skipWeights(reader, counts.slice(0, lists), sequence.chroma);
  }
}

/** 7.3.3.1 */
function skipListChanges(reader: BitReader): void {
  if (!reader.flag()) return;
  for (let operation = 0; operation < most.operations; operation++) {
    if (reader.unsigned(3) === 3) return;
    reader.unsigned();
  }
  throw new RangeError('the changes of a reference list do not end');
}

/** 7.3.3.2 */
function skipWeights(reader: BitReader, counts: readonly number[], chroma: boolean): void {
  times(chroma ? 2 : 1, () => reader.unsigned(7));
  for (const count of counts) {
    times(count, () => {
      times(reader.flag() ? 2 : 0, () => reader.signed());
      times(chroma && reader.flag() ? 4 : 0, () => reader.signed());
    });
  }
}

/** 7.3.3.3 */
function skipMarking(reader: BitReader, isIdr: boolean): void {
  if (isIdr) {
    reader.skip(2);
    return;
  }
  if (!reader.flag()) return;
  for (let at = 0; at < most.operations; at++) {
    const operation = reader.unsigned(6);
    if (operation === 0) return;
    times([0, 1, 1, 2, 1, 0, 1][operation] ?? 0, () => reader.unsigned());
  }
  throw new RangeError('the marking of reference pictures does not end');
}

/** 7.3.2.1.1.1 */
function skipScalingMatrix(reader: BitReader, lists: number): void {
  if (!reader.flag()) return;
  for (let list = 0; list < lists; list++) {
    if (!reader.flag()) continue;
    let [last, next] = [8, 8];
    for (let at = 0; at < (list < 6 ? 16 : 64); at++) {
      next = next === 0 ? 0 : (((last + reader.signed()) % 256) + 256) % 256;
      last = next === 0 ? last : next;
    }
  }
}
