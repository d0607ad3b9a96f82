/** Longest prefix of zeros of a number that a header may hold. */
const longestPrefix = 31;

/** Reads the bits of a NAL unit (ITU-T H.264 and H.265, 7.2 and 9.1). Each method throws a RangeError beyond the last bit. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  /** @param unit with its header and emulation prevention bytes; only its first `most` bytes are read */
  constructor(unit: Uint8Array, most: number) {
    this.#bytes = withoutEmulation(unit.subarray(0, most));
  }

  /** Returns an unsigned number of at most 32 bits. */
  bits(count: number): number {
    if (!(count >= 0 && count <= 32) || this.#at + count > this.#bytes.length * 8) {
      throw new RangeError('the header is cut short');
    }
    let value = 0;
    for (let bit = 0; bit < count; bit++) {
      const byte = this.#bytes[this.#at >> 3] ?? 0;
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at++;
    }
    return value;
  }

  skip(count: number): void {
    for (let left = count; left > 0; left -= 32) {
      this.bits(Math.min(32, left));
    }
  }

  flag(): boolean {
    return this.bits(1) === 1;
  }

  /** Returns an unsigned Exp-Golomb number; one above `most` is an error, so that no loop over it is endless. */
  unsigned(most = 0xffff_ffff): number {
    let zeros = 0;
    while (!this.flag()) {
      zeros++;
      if (zeros > longestPrefix) throw new RangeError('the header holds no such number');
    }
    const value = 2 ** zeros - 1 + this.bits(zeros);
    if (value > most) throw new RangeError('a number of the header is too large');
    return value;
  }

  /** Returns a signed Exp-Golomb number. */
  signed(): number {
    const value = this.unsigned();
    return value % 2 === 1 ? (value + 1) / 2 : -value / 2;
  }
}

/** The third byte of 00 00 03 is left out (7.3.1). */
function withoutEmulation(bytes: Uint8Array): Uint8Array {
  const kept: number[] = [];
  let zeros = 0;
  for (const byte of bytes) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    kept.push(byte);
  }
  return Uint8Array.from(kept);
}

/** Reads a part of a header so many times. */
export function times(count: number, read: () => void): void {
  for (let done = 0; done < count; done++) {
    read();
  }
}
