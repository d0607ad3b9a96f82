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

/**
 * Keeps the last packets of a camera, in memory only. The oldest ones go a group at a time, so that the first one kept is a keyframe
 * and what is kept can be decoded; a group that exceeds the memory alone loses its beginning.
 */
export class PacketRing {
  readonly #budget: PacketBudget;
  #packets: Packet[] = [];
  #bytes = 0;

  constructor(budget: PacketBudget) {
    this.#budget = budget;
    budget.join(this);
  }

  get bytes(): number {
    return this.#bytes;
  }

  get packets(): readonly Packet[] {
    return this.#packets;
  }

  add(packet: Packet): void {
    this.#packets.push(packet);
    this.#bytes += packet.data.length;
    const oldestMs = packet.receivedMs - this.#budget.limits.seconds * 1000;
    while (this.#mayDropGroup(oldestMs)) {
      this.#drop(this.#secondGroup());
    }
    if (this.#bytes > this.#budget.ringBytes) {
      this.#shorten();
    }
  }

  /** The packets from the last one on at which `begins` is true; none where there is no such packet. */
  lastGroup(begins: (packet: Packet) => boolean): readonly Packet[] {
    const from = this.#packets.findLastIndex(begins);
    return from < 0 ? [] : this.#packets.slice(from);
  }

  /** Forgets everything and gives its share of the memory to others. */
  close(): void {
    this.#packets = [];
    this.#bytes = 0;
    this.#budget.leave(this);
  }

  /** A group goes when the next one covers the time to be kept, or when the memory is used up. */
  #mayDropGroup(oldestMs: number): boolean {
    const [first] = this.#packets;
    const tooMuch = this.#bytes > this.#budget.ringBytes;
    if (first === undefined || (!tooMuch && first.receivedMs >= oldestMs)) return false;
    const second = this.#packets[this.#secondGroup()];
    return second !== undefined && (tooMuch || second.receivedMs <= oldestMs);
  }

  /** Index of the first packet of the second group; -1 where there is one group. */
  #secondGroup(): number {
    return this.#packets.findIndex(({ key }, index) => index > 0 && key);
  }

  #shorten(): void {
    let bytes = this.#bytes;
    let count = 0;
    // to a bit less than is allowed, so that not every packet moves all others
    while (bytes > 0.9 * this.#budget.ringBytes && count < this.#packets.length - 1) {
      bytes -= this.#packets[count++]?.data.length ?? 0;
    }
    this.#drop(count);
  }

  #drop(count: number): void {
    for (const { data, block } of this.#packets.splice(0, count)) {
      this.#bytes -= data.length;
      block?.release();
    }
  }
}
