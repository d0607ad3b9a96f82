import { PACKET_TOO_LARGE } from './reason-codes.ts';

/** For a broker that announces no limit. */
export const DEFAULT_MAX_PACKET_BYTES = 1024 * 1024;
/** No broker is suspected of refusing packets this small. */
const SMALLEST_LIMIT = 4096;
/** A connection that ends this soon after a large packet may have ended because of it. */
const SOON_MS = 5000;
/** While a packet is under suspicion it is sent only on connections that have lasted this long. */
const CALM_MS = 1000;
/** Ends of calm connections, right after the packet alone, that count as proof. */
const STRIKES = 2;

interface SentPacket {
  readonly order: number;
  readonly bytes: number;
  readonly atMs: number;
}

/**
 * The largest packet that the broker takes: what it announced (MQTT 5), else a setting, else what was learned. A broker that
 * speaks 3.1.1 does not name its limit, it ends the connection. So a packet larger than all that have passed is suspected when
 * the connection ends right after it; then it is held back until a connection has been calm for a second, and when that
 * one ends right after it too, twice, the limit is known. Lines that drop for other reasons pass this trial.
 *
 * All times in milliseconds of one monotonic clock.
 */
export class PacketSizeLimit {
  readonly #configured: number;
  readonly #explicit: boolean;
  #announced: number | undefined;
  #learned = Number.POSITIVE_INFINITY;
  /** Largest packet that the broker has taken. */
  #passed = SMALLEST_LIMIT;
  #connectedAtMs = 0;
  #unproven: SentPacket[] = [];
  #suspicion: { bytes: number; strikes: number } | undefined;

  constructor(configured: number | undefined) {
    this.#configured = configured ?? DEFAULT_MAX_PACKET_BYTES;
    this.#explicit = configured !== undefined;
  }

  /** Largest packet that may be sent, bytes. */
  get bytes(): number {
    const own = this.#explicit || this.#announced === undefined ? this.#configured : Number.POSITIVE_INFINITY;
    return Math.min(own, this.#announced ?? Number.POSITIVE_INFINITY, this.#learned);
  }

  connected(announced: number | undefined, nowMs: number): void {
    this.#announced = announced;
    this.#connectedAtMs = nowMs;
    this.#unproven = [];
  }

  /** Until when a packet of (at most) this size must wait; 0 when it need not. */
  heldUntil(bytes: number, nowMs: number): number {
    const calmAtMs = this.#connectedAtMs + CALM_MS;
    return this.#suspicion !== undefined && bytes >= this.#suspicion.bytes && nowMs < calmAtMs ? calmAtMs : 0;
  }

  /** A packet was handed to the connection; `order` counts them. */
  sent(order: number, bytes: number, nowMs: number): void {
    if (bytes > this.#passed) {
      this.#unproven = this.#unproven.filter(({ atMs }) => nowMs - atMs < SOON_MS);
      this.#unproven.push({ order, bytes, atMs: nowMs });
    }
  }

  /** The broker has answered the packet `order`, and so has taken all before it too. */
  proven(order: number): void {
    for (const packet of this.#unproven) {
      if (packet.order <= order) {
        this.#passed = Math.max(this.#passed, packet.bytes);
      }
    }
    this.#unproven = this.#unproven.filter((packet) => packet.order > order && packet.bytes > this.#passed);
    if (this.#suspicion !== undefined && this.#suspicion.bytes <= this.#passed) {
      this.#suspicion = undefined;
    }
  }

  /** The connection ended although we did not ask for it. Returns the limit when it is known since now. */
  ended(reasonCode: number | undefined, nowMs: number): number | undefined {
    const recent = this.#unproven.filter(({ atMs }) => nowMs - atMs < SOON_MS);
    this.#unproven = [];
    const largest = recent.reduce((max, packet) => (packet.bytes > max.bytes ? packet : max), {
      order: 0,
      bytes: 0,
      atMs: 0,
    });
    if (largest.bytes === 0) {
      return undefined;
    }
    if (reasonCode === PACKET_TOO_LARGE) {
      return this.#learn(largest.bytes - 1);
    }
    if (this.#suspicion === undefined || largest.bytes < this.#suspicion.bytes) {
      this.#suspicion = { bytes: largest.bytes, strikes: 0 };
    } else if (largest.atMs - this.#connectedAtMs >= CALM_MS) {
      this.#suspicion.strikes += 1;
    }
    return this.#suspicion.strikes >= STRIKES ? this.#learn(this.#suspicion.bytes - 1) : undefined;
  }

  #learn(bytes: number): number {
    this.#learned = Math.min(this.#learned, bytes);
    this.#suspicion = undefined;
    return this.#learned;
  }
}
