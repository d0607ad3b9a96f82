import { PacketBlocks, type ReadPacket } from '../stream/packet-blocks.ts';
import type { PacketLine } from '../stream/packet-lines.ts';

/**
 * Cuts the bytes of a track into packets by the sizes that ffmpeg lists beside them. Bytes and sizes come on two pipes, of which
 * either may be ahead. Packets are parts of the blocks that they were read into: only one that crosses the end of a block is copied.
 */
export class PacketReader {
  readonly #onPacket: (packet: ReadPacket) => void;
  readonly #lines: PacketLine[] = [];
  readonly #blocks = new PacketBlocks();
  #block = this.#blocks.take(0);
  /** Beginning of the first packet that is not complete, and end of what was read. */
  #from = 0;
  #to = 0;

  constructor(options: { readonly onPacket: (packet: ReadPacket) => void }) {
    this.#onPacket = options.onPacket;
  }

  /** Where the next bytes are to be put; never empty. */
  freeSpace(): Buffer {
    if (this.#to === this.#block.memory.length) {
      this.#nextBlock();
    }
    return this.#block.memory.subarray(this.#to);
  }

  filled(bytes: number): void {
    this.#to += bytes;
    this.#cut();
  }

  line(line: PacketLine): void {
    this.#lines.push(line);
    this.#cut();
  }

  /** The packet that is being read moves to the beginning; packets of the old block keep it in use. */
  #nextBlock(): void {
    const old = this.#block;
    const begun = old.memory.subarray(this.#from, this.#to);
    const needed = Math.max(begun.length, this.#lines[0]?.bytes ?? 0);
    this.#block = this.#blocks.take(2 * needed);
    this.#to = begun.copy(this.#block.memory);
    this.#from = 0;
    old.release();
  }

  #cut(): void {
    for (let line = this.#lines[0]; line !== undefined; line = this.#lines[0]) {
      if (this.#to - this.#from < line.bytes) return;
      const block = this.#block;
      const data = block.memory.subarray(this.#from, this.#from + line.bytes);
      this.#from += line.bytes;
      this.#lines.shift();
      block.use();
      this.#onPacket({ key: line.key, bytes: line.bytes, data, block });
    }
  }
}
