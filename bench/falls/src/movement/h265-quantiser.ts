import { BitReader, times } from './bit-reader.ts';
import { type ReferenceSet, readReferenceSet } from './h265-reference-set.ts';

/** Kinds of NAL units (ITU-T H.265, table 7-1): 16 to 23 are random access points, 19 and 20 of them IDR pictures. */
const kinds = { lastSlice: 31, firstAccess: 16, lastAccess: 23, firstIdr: 19, lastIdr: 20, sequence: 33, picture: 34 };
/** More than any level allows. */
const most = { sequences: 15, pictures: 63, references: 15, sets: 64, longTerm: 32, tiles: 64 } as const;
const headerBytes = 512;
const setBytes = 4096;

interface Sequence {
  readonly chroma: boolean;
  readonly separatePlanes: boolean;
  readonly orderBits: number;
  readonly sets: readonly ReferenceSet[];
  readonly longTerm: boolean;
  /** Of the long-term pictures that are listed: whether the current picture uses them. */
  readonly longTermUsed: readonly boolean[];
  readonly temporalVectors: boolean;
  readonly adaptiveOffset: boolean;
}

interface Picture {
  readonly sequence: number;
  readonly outputFlag: boolean;
  readonly extraBits: number;
  readonly references: readonly [number, number];
  readonly quantiser: number;
  readonly weighted: boolean;
  readonly weightedBoth: boolean;
  readonly cabacInit: boolean;
  readonly listChanges: boolean;
}

type SliceType = 'B' | 'P' | 'I';

/** Reads the quantiser of the first slice of each H.265 picture, with the parameter sets that came before. */
export class H265Quantiser {
  readonly #sequences = new Map<number, Sequence>();
  readonly #pictures = new Map<number, Picture>();

  /**
   * Takes one NAL unit without its start code.
   * @returns the quantiser of a picture's first slice (0 to 51, below 0 for more than 8 bits); undefined for other units
   * @throws RangeError where the unit cannot be read
   */
  take(unit: Uint8Array): number | undefined {
    const kind = ((unit[0] ?? 0xff) >> 1) & 0x3f;
    if (kind === kinds.sequence) {
      this.#takeSequence(unit);
    } else if (kind === kinds.picture) {
      this.#takePicture(unit);
    } else if (kind <= kinds.lastSlice) {
      return this.#ofSlice(unit, kind);
    }
    return undefined;
  }

  /** 7.3.2.2.1 */
  #takeSequence(unit: Uint8Array): void {
    const reader = new BitReader(unit, setBytes);
    reader.skip(16 + 4);
    const subLayers = reader.bits(3);
    reader.skip(1);
    skipProfile(reader, subLayers);
    const id = reader.unsigned(most.sequences);
    const format = reader.unsigned(3);
    const separatePlanes = format === 3 && reader.flag();
    times(2, () => reader.unsigned());
    times(reader.flag() ? 4 : 0, () => reader.unsigned());
    times(2, () => reader.unsigned(8));
    const orderBits = reader.unsigned(12) + 4;
    const layersListed = reader.flag() ? subLayers + 1 : 1;
    times(3 * layersListed, () => reader.unsigned());
    times(6, () => reader.unsigned());
    if (reader.flag() && reader.flag()) {
      skipScalingLists(reader);
    }
    reader.skip(1);
    const adaptiveOffset = reader.flag();
    if (reader.flag()) {
      reader.skip(8);
      times(2, () => reader.unsigned());
      reader.skip(1);
    }
    const sets: ReferenceSet[] = [];
    times(reader.unsigned(most.sets), () => sets.push(readReferenceSet(reader, sets, false)));
    const longTerm = reader.flag();
    const longTermUsed: boolean[] = [];
    times(longTerm ? reader.unsigned(most.longTerm) : 0, () => {
      reader.skip(orderBits);
      longTermUsed.push(reader.flag());
    });
    const temporalVectors = reader.flag();
    const chroma = format !== 0 && !separatePlanes;
    const order = { orderBits, sets, longTerm, longTermUsed };
    this.#sequences.set(id, { ...order, chroma, separatePlanes, temporalVectors, adaptiveOffset });
  }

  /** 7.3.2.3.1 */
  #takePicture(unit: Uint8Array): void {
    const reader = new BitReader(unit, setBytes);
    reader.skip(16);
    const id = reader.unsigned(most.pictures);
    const sequence = reader.unsigned(most.sequences);
    reader.skip(1);
    const outputFlag = reader.flag();
    const extraBits = reader.bits(3);
    reader.skip(1);
    const cabacInit = reader.flag();
    const references = [reader.unsigned(most.references) + 1, reader.unsigned(most.references) + 1] as const;
    const quantiser = 26 + reader.signed();
    reader.skip(2);
    times(reader.flag() ? 1 : 0, () => reader.unsigned());
    times(2, () => reader.signed());
    reader.skip(1);
    const weighted = reader.flag();
    const weightedBoth = reader.flag();
    reader.skip(1);
    const tiles = reader.flag();
    reader.skip(1);
    if (tiles) {
      skipTiles(reader);
    }
    reader.skip(1);
    skipDeblocking(reader);
    if (reader.flag()) {
      skipScalingLists(reader);
    }
    const listChanges = reader.flag();
    const flags = { outputFlag, weighted, weightedBoth, cabacInit, listChanges };
    this.#pictures.set(id, { ...flags, sequence, extraBits, references, quantiser });
  }

  /** 7.3.6.1 */
  #ofSlice(unit: Uint8Array, kind: number): number | undefined {
    const reader = new BitReader(unit, headerBytes);
    reader.skip(16);
    const isFirst = reader.flag();
    if (!isFirst) return undefined;
    reader.skip(kind >= kinds.firstAccess && kind <= kinds.lastAccess ? 1 : 0);
    const picture = this.#pictures.get(reader.unsigned(most.pictures));
    const sequence = picture && this.#sequences.get(picture.sequence);
    if (picture === undefined || sequence === undefined) throw new RangeError('the parameter sets are missing');
    reader.skip(picture.extraBits);
    const type = (['B', 'P', 'I'] as const)[reader.unsigned(2)] ?? 'I';
    reader.skip(picture.outputFlag ? 1 : 0);
    reader.skip(sequence.separatePlanes ? 2 : 0);
    const isIdr = kind >= kinds.firstIdr && kind <= kinds.lastIdr;
    const { used, temporalVectors } = isIdr ? { used: 0, temporalVectors: false } : readOrder(reader, sequence);
    if (sequence.adaptiveOffset) {
      reader.skip(sequence.chroma ? 2 : 1);
    }
    if (type !== 'I') {
      skipReferences(reader, { sequence, picture, type, used, temporalVectors });
    }
    return picture.quantiser + reader.signed();
  }
}

/** Which pictures this one refers to: how many of them it uses, and whether it uses their motion vectors. */
function readOrder(reader: BitReader, sequence: Sequence): { used: number; temporalVectors: boolean } {
  reader.skip(sequence.orderBits);
  const { sets, longTermUsed } = sequence;
  const listed = reader.flag();
  const set = listed
    ? sets[reader.bits(Math.ceil(Math.log2(Math.max(1, sets.length))))]
    : readReferenceSet(reader, sets, true);
  if (set === undefined) throw new RangeError('a set of reference pictures is missing');
  let used = set.used;
  if (sequence.longTerm) {
    const fromSequence = longTermUsed.length > 0 ? reader.unsigned(most.longTerm) : 0;
    const count = fromSequence + reader.unsigned(most.longTerm);
    for (let at = 0; at < count; at++) {
      used += isUsedLongTerm(reader, sequence, at < fromSequence) ? 1 : 0;
      times(reader.flag() ? 1 : 0, () => reader.unsigned());
    }
  }
  return { used, temporalVectors: sequence.temporalVectors && reader.flag() };
}

function isUsedLongTerm(reader: BitReader, { longTermUsed, orderBits }: Sequence, listed: boolean): boolean {
  if (listed) return longTermUsed[reader.bits(Math.ceil(Math.log2(longTermUsed.length)))] === true;
  reader.skip(orderBits);
  return reader.flag();
}

interface References {
  readonly sequence: Sequence;
  readonly picture: Picture;
  readonly type: Exclude<SliceType, 'I'>;
  readonly used: number;
  readonly temporalVectors: boolean;
}

function skipReferences(reader: BitReader, { sequence, picture, type, used, temporalVectors }: References): void {
  const lists = type === 'B' ? 2 : 1;
  let counts: readonly number[] = picture.references.slice(0, lists);
  if (reader.flag()) {
    counts = counts.map(() => reader.unsigned(most.references) + 1);
  }
  if (picture.listChanges && used > 1) {
    const bits = Math.ceil(Math.log2(used));
    for (const count of counts) {
      times(reader.flag() ? count : 0, () => reader.skip(bits));
    }
  }
  reader.skip(type === 'B' ? 1 : 0);
  reader.skip(picture.cabacInit ? 1 : 0);
  if (temporalVectors) {
    const fromFirst = type === 'P' || reader.flag();
    times((counts[fromFirst ? 0 : 1] ?? 1) > 1 ? 1 : 0, () => reader.unsigned(most.references));
  }
  if (type === 'P' ? picture.weighted : picture.weightedBoth) {
    skipWeights(reader, counts, sequence.chroma);
  }
  reader.unsigned(4);
}

/** 7.3.6.3 */
function skipWeights(reader: BitReader, counts: readonly number[], chroma: boolean): void {
  reader.unsigned(7);
  times(chroma ? 1 : 0, () => reader.signed());
  for (const count of counts) {
    const luma = Array.from({ length: count }, () => reader.flag());
    const colours = luma.map(() => chroma && reader.flag());
    for (const [at, hasLuma] of luma.entries()) {
      times((hasLuma ? 2 : 0) + (colours[at] === true ? 4 : 0), () => reader.signed());
    }
  }
}

/** 7.3.3 */
function skipProfile(reader: BitReader, subLayers: number): void {
  reader.skip(88 + 8);
  const present = Array.from({ length: subLayers }, () => [reader.flag(), reader.flag()] as const);
  reader.skip(subLayers > 0 ? 2 * (8 - subLayers) : 0);
  for (const [profile, level] of present) {
    reader.skip((profile ? 88 : 0) + (level ? 8 : 0));
  }
}

function skipTiles(reader: BitReader): void {
  const inner = reader.unsigned(most.tiles) + reader.unsigned(most.tiles);
  const isUniform = reader.flag();
  times(isUniform ? 0 : inner, () => reader.unsigned());
  reader.skip(1);
}

function skipDeblocking(reader: BitReader): void {
  if (!reader.flag()) return;
  reader.skip(1);
  const isDisabled = reader.flag();
  times(isDisabled ? 0 : 2, () => reader.signed());
}

/** 7.3.4 */
function skipScalingLists(reader: BitReader): void {
  for (let size = 0; size < 4; size++) {
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      if (!reader.flag()) {
        reader.unsigned();
        continue;
      }
      times((size > 1 ? 1 : 0) + Math.min(64, 16 << (2 * size)), () => reader.signed());
    }
  }
}
