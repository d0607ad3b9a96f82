import type { PacketLine } from './packet-lines.ts';

/** A packet's description and its bytes, which stay valid until `block`, which is in use for it, is released. */
export type ReadPacket = PacketLine & { readonly data: Buffer; readonly block: PacketBlock };

/** Size of a block, bytes: few packets cross the end of one and must be moved. */
const usualBytes = 500_000;
/** Blocks that wait to be used again; more are given up. */
const mostFree = 1;

/**
 * Memory for the packets of one camera, in blocks that are used again when all of their packets are forgotten. Memory that is given up
 * and allocated anew makes V8 collect all garbage every other second, which takes more CPU time than everything else that is done
 * with a quiet camera. Blocks are never passed on to another camera.
 */
export class PacketBlocks {
  readonly #free: PacketBlock[] = [];

  /** Returns a block of at least `bytes` that is in use once. */
  take(bytes: number): PacketBlock {
    const free = bytes <= usualBytes ? this.#free.pop() : undefined;
    const block = free ?? new PacketBlock(Math.max(bytes, usualBytes), (unused) => this.#giveBack(unused));
    block.use();
    return block;
  }

  #giveBack(block: PacketBlock): void {
    if (block.memory.length === usualBytes && this.#free.length < mostFree) {
      this.#free.push(block);
    }
  }
}

/** A piece of memory that counts its uses. */
export class PacketBlock {
  readonly memory: Buffer;
  readonly #onUnused: (block: PacketBlock) => void;
  #uses = 0;

  constructor(bytes: number, onUnused: (block: PacketBlock) => void) {
    this.memory = Buffer.allocUnsafeSlow(bytes);
    this.#onUnused = onUnused;
  }

  use(): void {
    this.#uses++;
  }

  /** Ends one use; after the last one the memory is written over. */
  release(): void {
    this.#uses--;
    if (this.#uses === 0) {
      this.#onUnused(this);
    }
  }
}
