import { RtspError } from './rtsp-error.ts';
import { bodyLength, parseHead, type RtspMessage } from './rtsp-message.ts';

export interface InterleavedReaderOptions {
  readonly onMessage: (message: RtspMessage) => void;
  /** A packet of a channel: bytes `from` to `to` of `memory`, which are valid until this returns. */
  readonly onPacket: (channel: number, memory: Buffer, from: number, to: number) => void;
  /** Bytes came that are neither; they were passed over. */
  readonly onGarbage: () => void;
}

const dollar = 0x24;
const headerBytes = 4;
const longestHead = 16_384;
const longestBody = 262_144;
const largestFrame = headerBytes + 0xffff;
/** So many bytes of garbage end the session. */
const mostGarbage = 1_000_000;

/**
 * Separates what comes through an RTSP connection (RFC 2326, 10.12): packets after `$`, and messages. Packets are read where the socket
 * put them; only one that is not complete at the end of a read is copied. What is kept is bounded, whatever comes.
 */
export class InterleavedReader {
  readonly #options: InterleavedReaderOptions;
  /** The beginning of a packet that is not complete. */
  #begun = Buffer.allocUnsafeSlow(2048);
  #begunBytes = 0;
  /** The beginning of a message that is not complete; undefined between messages. */
  #text: Buffer | undefined;
  #garbageBytes = 0;
  #ended = false;

  constructor(options: InterleavedReaderOptions) {
    this.#options = options;
  }

  /** Takes what was read. @throws RtspError `unsupported` where it is not RTSP */
  take(memory: Buffer): void {
    let at = 0;
    while (at < memory.length && !this.#ended) {
      if (this.#text !== undefined) {
        at += this.#takeText(memory.subarray(at));
      } else if (this.#begunBytes > 0) {
        at += this.#complete(memory, at);
      } else {
        at = this.#next(memory, at);
      }
    }
  }

  /** Takes nothing more, also of what is being taken. */
  end(): void {
    this.#ended = true;
  }

  /** At the beginning of a packet or message; returns where the next one begins. */
  #next(memory: Buffer, at: number): number {
    const first = memory[at] ?? 0;
    if (first !== dollar) return this.#isLetter(first) ? this.#beginText(at) : this.#skip(memory, at);
    const end = at + headerBytes + (at + headerBytes <= memory.length ? memory.readUInt16BE(at + 2) : 0);
    if (at + headerBytes > memory.length || end > memory.length) {
      this.#begunBytes = this.#keep(memory, at, memory.length);
      return memory.length;
    }
    this.#options.onPacket(memory[at + 1] ?? 0, memory, at + headerBytes, end);
    return end;
  }

  #isLetter(byte: number): boolean {
    return byte >= 0x41 && byte <= 0x5a;
  }

  #beginText(at: number): number {
    this.#text = Buffer.alloc(0);
    return at;
  }

  /** To the next byte with which something may begin. Empty lines between messages are allowed. */
  #skip(memory: Buffer, from: number): number {
    let at = from;
    let isGarbage = false;
    for (; at < memory.length; at++) {
      const byte = memory[at] ?? 0;
      if (byte === dollar || this.#isLetter(byte)) break;
      isGarbage ||= byte !== 0x0d && byte !== 0x0a;
    }
    this.#garbageBytes += at - from;
    if (this.#garbageBytes > mostGarbage)
      throw new RtspError('unsupported', 'the camera sends bytes that are not RTSP');
    if (isGarbage) {
      this.#options.onGarbage();
    }
    return at;
  }

  #keep(memory: Buffer, from: number, to: number): number {
    const bytes = this.#begunBytes + to - from;
    if (bytes > this.#begun.length) {
      const larger = Buffer.allocUnsafeSlow(largestFrame);
      this.#begun.copy(larger, 0, 0, this.#begunBytes);
      this.#begun = larger;
    }
    memory.copy(this.#begun, this.#begunBytes, from, to);
    return bytes;
  }

  /** Goes on with a packet that was begun; returns how many bytes it took. */
  #complete(memory: Buffer, at: number): number {
    const hasHeader = this.#begunBytes >= headerBytes;
    const wanted = headerBytes + (hasHeader ? this.#begun.readUInt16BE(2) : 0);
    const taken = Math.min(wanted - this.#begunBytes, memory.length - at);
    this.#begunBytes = this.#keep(memory, at, at + taken);
    const isWhole = this.#begunBytes >= headerBytes && this.#begunBytes === headerBytes + this.#begun.readUInt16BE(2);
    if (isWhole) {
      this.#begunBytes = 0;
      this.#options.onPacket(this.#begun[1] ?? 0, this.#begun, headerBytes, headerBytes + this.#begun.readUInt16BE(2));
    }
    return taken;
  }

  /** Goes on with a message; returns how many bytes of this read it took. Messages are rare: they may be copied. */
  #takeText(memory: Buffer): number {
    const before = this.#text ?? Buffer.alloc(0);
    const text = Buffer.concat([before, memory.subarray(0, longestHead + longestBody)]);
    const { at: headEnd, bytes: gap } = endOfHead(text);
    if (headEnd < 0 || headEnd > longestHead) {
      if (text.length > longestHead) throw new RtspError('unsupported', 'the camera sends a message without an end');
      this.#text = text;
      return memory.length;
    }
    const head = parseHead(text.toString('latin1', 0, headEnd));
    if (head === undefined) throw new RtspError('unsupported', 'the camera sends messages that are not RTSP');
    const length = bodyLength(head);
    if (length > longestBody) throw new RtspError('unsupported', 'the camera sends a message that is too long');
    const end = headEnd + gap + length;
    if (text.length < end) {
      this.#text = text;
      return memory.length;
    }
    this.#text = undefined;
    this.#options.onMessage({ ...head, body: text.toString('utf8', headEnd + gap, end) });
    return end - before.length;
  }
}

/** Where the empty line is that ends a head, and how long; some cameras end lines with a line feed alone. */
function endOfHead(text: Buffer): { readonly at: number; readonly bytes: number } {
  const [usual, bare] = [text.indexOf('\r\n\r\n'), text.indexOf('\n\n')];
  return usual >= 0 && (bare < 0 || usual < bare) ? { at: usual, bytes: 4 } : { at: bare, bytes: 2 };
}
