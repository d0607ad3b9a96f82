import type { ReadPacket } from '../stream/packet-blocks.ts';
import { PacketBlocks } from '../stream/packet-blocks.ts';
import { type PictureSize, pictureSize } from './picture-size.ts';
import { RtspError } from './rtsp-error.ts';
import { marksRecovery, type UnitKind, unitKind, unitType } from './unit-types.ts';

export interface AccessUnitWriterOptions {
  readonly codec: 'h264' | 'hevc';
  /** Of the session's description, without start codes. */
  readonly parameterSets: readonly Buffer[];
  /** A frame is complete. */
  readonly onPacket: (packet: ReadPacket) => void;
  /** A frame came of which no use can be made: a part of it, or of one that it needs, is missing. */
  readonly onUseless: () => void;
}

const startCode = Buffer.from([0, 0, 0, 1]);
/** More than a keyframe of any camera, bytes. */
const largestFrame = 8_000_000;
/** Parameter sets and other units without a picture are small; what is larger holds units that are not recognised, bytes. */
const mostWithoutPicture = 65_536;
/** After a loss packets are given up until the next keyframe, but not for ever: some cameras have none. */
const mostGivenUp = 1000;

interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Writes the NAL units of a camera, frame by frame, in Annex B form into blocks of memory that are used again, with the parameter sets
 * before each keyframe. Each byte is copied once.
 */
export class AccessUnitWriter {
  readonly #options: AccessUnitWriterOptions;
  readonly #blocks = new PacketBlocks();
  #block = this.#blocks.take(0);
  #memory = this.#block.memory;
  /** Where the place for parameter sets begins, where the frame begins behind it, and how far it goes. */
  #head = 0;
  #from = 0;
  #to = 0;
  /** The unit that is being written begins here, from the frame's beginning on; undefined between units. */
  #unitFrom: number | undefined;
  #unitKind: UnitKind = 'other';
  #hasPicture = false;
  #hasSequence = false;
  #key = false;
  #damaged = false;
  readonly #sets: Range[] = [];
  /** With start codes. */
  #known: Buffer;
  #size: PictureSize | undefined;
  #givenUp = 0;
  #awaitsKey = false;

  constructor(options: AccessUnitWriterOptions) {
    this.#options = options;
    this.#known = Buffer.concat(options.parameterSets.flatMap((set) => [startCode, set]));
    const { codec } = options;
    const sequence = options.parameterSets.find((set) => unitKind(codec, unitType(codec, set[0] ?? 0)) === 'sequence');
    this.#size = sequence === undefined ? undefined : pictureSize(codec, sequence);
    this.#startFrame();
  }

  /** Size of the frames; undefined until a parameter set with it came. */
  get size(): PictureSize | undefined {
    return this.#size;
  }

  /** Begins a unit. `header` has its first bytes where they are not part of what follows (fragments). */
  beginUnit(type: number, header?: readonly number[]): void {
    this.endUnit(false);
    this.#reserve(startCode.length + (header?.length ?? 0));
    this.#memory.set(startCode, this.#to);
    this.#to += startCode.length;
    this.#unitFrom = this.#to - this.#from;
    this.#unitKind = unitKind(this.#options.codec, type);
    for (const byte of header ?? []) {
      this.#memory[this.#to++] = byte;
    }
  }

  /** Appends to the unit that was begun. */
  append(memory: Buffer, from: number, to: number): void {
    if (this.#unitFrom === undefined || from >= to) return;
    this.#reserve(to - from);
    memory.copy(this.#memory, this.#to, from, to);
    this.#to += to - from;
  }

  /** @param whole false where its end is missing */
  endUnit(whole = true): void {
    if (this.#unitFrom === undefined) return;
    const range = { from: this.#unitFrom, to: this.#to - this.#from };
    this.#unitFrom = undefined;
    this.#damaged ||= !whole;
    const kind = this.#unitKind;
    this.#hasPicture ||= kind === 'slice' || kind === 'key';
    this.#hasSequence ||= kind === 'sequence';
    this.#key ||= kind === 'key' || (kind === 'information' && this.#marksRecovery(range));
    if (kind === 'sequence' || kind === 'parameters') {
      this.#sets.push(range);
    }
  }

  /** A part of the frame is missing, or of one before it. */
  damage(): void {
    this.#damaged = true;
  }

  /** The frame is complete, where it has a picture; other units belong to the next one. */
  endFrame(): void {
    this.endUnit(false);
    if (!this.#hasPicture) {
      if (this.#to - this.#from > mostWithoutPicture) {
        throw new RtspError('unsupported', 'the camera sends units that hold no picture');
      }
      return;
    }
    const usable = this.#isUsable();
    if (usable && this.#hasSequence) {
      this.#learnSets();
    }
    if (usable && this.#size !== undefined) {
      this.#emit();
    } else {
      this.#to = this.#from;
      this.#options.onUseless();
    }
    this.#startFrame();
  }

  #marksRecovery({ from, to }: Range): boolean {
    return this.#options.codec === 'h264' && marksRecovery(this.#memory, this.#from + from + 1, this.#from + to);
  }

  #isUsable(): boolean {
    if (this.#damaged) {
      this.#awaitsKey = true;
      this.#givenUp = 0;
      return false;
    }
    this.#givenUp++;
    this.#awaitsKey &&= !this.#key && this.#givenUp < mostGivenUp;
    return !this.#awaitsKey;
  }

  /** Those of the newest frame that has some are placed before keyframes that have none. */
  #learnSets(): void {
    const same =
      this.#sets.reduce((at, range) => (at < 0 ? at : this.#endOfKnown(range, at)), 0) === this.#known.length;
    if (same && this.#size !== undefined) return;
    const { codec } = this.#options;
    const units = this.#sets.map(({ from, to }) =>
      Buffer.from(this.#memory.subarray(this.#from + from, this.#from + to)),
    );
    this.#known = Buffer.concat(units.flatMap((unit) => [startCode, unit]));
    const sequence = units.find((unit) => unitKind(codec, unitType(codec, unit[0] ?? 0)) === 'sequence');
    this.#size = (sequence === undefined ? undefined : pictureSize(codec, sequence)) ?? this.#size;
  }

  /** Where a unit ends among the known sets if it begins at `at`; negative where it is another one. */
  #endOfKnown({ from, to }: Range, at: number): number {
    const begin = at + startCode.length;
    const end = begin + to - from;
    if (end > this.#known.length) return -1;
    const difference = this.#memory.compare(this.#known, begin, end, this.#from + from, this.#from + to);
    return difference === 0 ? end : -1;
  }

  #emit(): void {
    const block = this.#block;
    let from = this.#from;
    if (this.#key && !this.#hasSequence) {
      from -= this.#known.length;
      this.#known.copy(this.#memory, from);
    }
    const data = this.#memory.subarray(from, this.#to);
    block.use();
    this.#options.onPacket({ key: this.#key, bytes: data.length, data, block });
  }

  #startFrame(): void {
    this.#head = this.#to;
    this.#reserve(this.#known.length);
    this.#from = this.#head + this.#known.length;
    this.#to = this.#from;
    this.#hasPicture = false;
    this.#hasSequence = false;
    this.#key = false;
    this.#damaged = false;
    this.#sets.length = 0;
  }

  /** Makes room for so many bytes more: where the block is full, what the frame has so far moves to another one. */
  #reserve(bytes: number): void {
    if (this.#to + bytes <= this.#memory.length) return;
    const begun = this.#memory.subarray(this.#head, this.#to);
    const needed = begun.length + bytes;
    if (needed > largestFrame) throw new RtspError('unsupported', 'the camera sends a frame that is too large');
    const old = this.#block;
    // a frame that fills a block alone gets twice as much, so that few are moved again
    this.#block = this.#blocks.take(this.#head === 0 ? 2 * needed : needed);
    this.#memory = this.#block.memory;
    this.#from -= this.#head;
    this.#head = 0;
    this.#to = begun.copy(this.#memory);
    old.release();
  }
}
