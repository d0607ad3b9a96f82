import type { Packet } from './packet.ts';

export interface PacketLimits {
  readonly seconds: number;
  readonly roomBytes: number;
  /** Of all rooms of the process together. */
  readonly totalBytes: number;
}

/** What the rings of a process have in common: the memory that each of them may use. */
export class PacketBudget {
  readonly limits: PacketLimits;
  readonly #rings = new Set<PacketRing>();

  constructor(limits: PacketLimits) {
    this.limits = limits;
  }

  join(ring: PacketRing): void {
    this.#rings.add(ring);
  }

  leave(ring: PacketRing): void {
    this.#rings.delete(ring);
  }

  /** For one ring: what is left when each gets the same. */
  get ringBytes(): number {
    const { roomBytes, totalBytes } = this.limits;
    return Math.min(roomBytes, totalBytes / Math.max(1, this.#rings.size));
  }
}

/** A group that goes on for this many times the seconds that are kept takes too long to decode, and is forgotten. */
const longestGroup = 2;

/**
 * Keeps the last packets of a camera, in memory only, in groups: each begins with a packet with which decoding can begin. Packets before
 * the first such one are of no use and are not kept; the oldest group goes as a whole, so that everything that is kept can be decoded.
 */
export class PacketRing {
  readonly #budget: PacketBudget;
  readonly #begins: (packet: Packet) => boolean;
  #groups: Packet[][] = [];
  #bytes = 0;

  /** @param options.begins whether decoding can begin with a packet */
  constructor(options: { readonly budget: PacketBudget; readonly begins: (packet: Packet) => boolean }) {
    this.#budget = options.budget;
    this.#begins = options.begins;
    this.#budget.join(this);
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Oldest first. */
  get packets(): readonly Packet[] {
    return this.#groups.flat();
  }

  /** The packets from the last one on with which decoding can begin; none where there is no such packet. */
  get lastGroup(): readonly Packet[] {
    return this.#groups.at(-1) ?? [];
  }

  add(packet: Packet): void {
    if (this.#begins(packet)) {
      this.#groups.push([]);
    }
    const group = this.#groups.at(-1);
    if (group === undefined) {
      packet.block?.release();
      return;
    }
    group.push(packet);
    this.#bytes += packet.data.length;
    while (this.#mayDropGroup(packet.receivedMs)) {
      this.#dropGroup();
    }
  }

  /** Forgets everything and gives its share of the memory to others. */
  close(): void {
    this.#groups = [];
    this.#bytes = 0;
    this.#budget.leave(this);
  }

  /** A group goes when the next one covers the time to be kept, when the memory is used up, or when it never ends. */
  #mayDropGroup(nowMs: number): boolean {
    const [oldest, next] = [this.#groups[0]?.[0], this.#groups[1]?.[0]];
    if (oldest === undefined) return false;
    const keptMs = this.#budget.limits.seconds * 1000;
    const covered = next !== undefined && nowMs - next.receivedMs >= keptMs;
    const endless = next === undefined && nowMs - oldest.receivedMs > longestGroup * keptMs;
    return covered || endless || this.#bytes > this.#budget.ringBytes;
  }

  #dropGroup(): void {
    for (const { data, block } of this.#groups.shift() ?? []) {
      this.#bytes -= data.length;
      block?.release();
    }
  }
}
