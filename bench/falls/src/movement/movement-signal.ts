/** One packet of a camera as its headers describe it. */
export interface PacketSeen {
  readonly at: number;
  readonly key: boolean;
  readonly bytes: number;
  readonly quantiser: number;
}

/** Packets of so many seconds count as one moment. */
const momentSeconds = 0.5;
/** What is usual is learned from so many seconds, and not known before so many. */
const learnedSeconds = 120;
const warmUpSeconds = 15;
/** Movement is this many deviations above the usual activity, and at least so many times as much. */
const movingDeviations = 6;
const movingFactor = 1.25;
/** A normal distribution has this many deviations in its median absolute deviation. */
const deviationsPerMedian = 1.4826;
/** A person who falls moves for so long at least, and then lies still for so long, s. */
const leastMoving = 0.5;
const leastStill = 1;

interface Moment {
  readonly at: number;
  /** Binary logarithm of the activity. */
  readonly level: number;
}

/**
 * Learns what activity is usual in the packets of one camera, and notices a movement that has ended. Activity is size × 2^(QP/6): a
 * coarser quantiser makes packets of the same movement smaller. Keyframes are left out, because they do not depend on movement.
 */
export class MovementSignal {
  #moments: Moment[] = [];
  #packets: PacketSeen[] = [];
  #movedSeconds = 0;
  #stillSeconds = 0;

  /** Returns the moment that the packet completes: how many times the usual activity it shows, and whether a movement has ended. */
  add(packet: PacketSeen): { readonly at: number; readonly factor: number; readonly ended: boolean } | undefined {
    if (packet.key || packet.bytes === 0) return undefined;
    const [first] = this.#packets;
    this.#packets.push(packet);
    if (first === undefined || packet.at - first.at < momentSeconds) return undefined;
    const moment = { at: packet.at, level: Math.log2(meanActivity(this.#packets)) };
    this.#packets = [];
    const factor = this.#judge(moment);
    this.#moments = [...this.#moments.filter(({ at }) => moment.at - at < learnedSeconds), moment];
    return factor;
  }

  #judge({ at, level }: Moment) {
    const [first] = this.#moments;
    if (first === undefined || at - first.at < warmUpSeconds) return { at, factor: 1, ended: false };
    const usual = median(this.#moments.map((one) => one.level));
    const deviation = deviationsPerMedian * median(this.#moments.map((one) => Math.abs(one.level - usual)));
    const isMoving = level - usual > Math.max(Math.log2(movingFactor), movingDeviations * deviation);
    this.#stillSeconds = isMoving ? 0 : this.#stillSeconds + momentSeconds;
    this.#movedSeconds += isMoving ? momentSeconds : 0;
    const ended = this.#movedSeconds >= leastMoving && this.#stillSeconds >= leastStill;
    if (this.#stillSeconds >= leastStill) {
      this.#movedSeconds = 0;
    }
    return { at, factor: 2 ** (level - usual), ended };
  }
}

/** Bytes that the packets would have at the finest quantiser: each six steps halve them. */
const meanActivity = (packets: readonly PacketSeen[]): number =>
  packets.reduce((sum, { bytes, quantiser }) => sum + bytes * 2 ** (quantiser / 6), 0) / packets.length;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
