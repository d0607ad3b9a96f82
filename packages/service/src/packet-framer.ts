/** A PUBLISH that was larger than allowed: its payload was passed over, its head is known. */
export interface SkippedPublish {
  readonly topic: string;
  readonly qos: number;
  /** Present when `qos` is above 0. */
  readonly messageId: number | undefined;
  readonly bytes: number;
}

export interface PacketFramerOptions {
  /** Largest packet that is kept, bytes. */
  readonly maxPacketBytes: number;
  readonly onPacket: (packet: Buffer) => void;
  readonly onSkipped: (publish: SkippedPublish) => void;
}

const PUBLISH = 3;

/**
 * Splits the bytes of a connection into whole MQTT packets, in linear time and bounded memory. A PUBLISH above the limit is
 * passed over instead of ending the connection: the broker would send it again for ever.
 * Source: MQTT 5, 2.1 (fixed header) and 1.5.5 (variable byte integer).
 */
export class PacketFramer {
  readonly #options: PacketFramerOptions;
  #chunks: Buffer[] = [];
  #have = 0;
  #skip = 0;

  constructor(options: PacketFramerOptions) {
    this.#options = options;
  }

  /** Takes what was received. @throws Error when it is not MQTT, or when a packet other than PUBLISH exceeds the limit */
  feed(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#have += chunk.length;
    while (this.#step());
  }

  #step(): boolean {
    if (this.#skip > 0) {
      this.#skip -= this.#take(Math.min(this.#skip, this.#have)).length;
      return this.#skip === 0;
    }
    const header = this.#peek(5);
    const length = remainingLength(header);
    if (length === undefined) {
      return false;
    }
    const total = 1 + length.bytes + length.value;
    if (total > this.#options.maxPacketBytes) {
      return this.#passOver(header, 1 + length.bytes, total);
    }
    if (this.#have < total) {
      return false;
    }
    this.#options.onPacket(this.#take(total));
    return true;
  }

  #passOver(header: Buffer, headerBytes: number, total: number): boolean {
    const first = header.readUInt8(0);
    if (first >> 4 !== PUBLISH) {
      throw new Error(`a packet of ${total} bytes exceeds the limit of ${this.#options.maxPacketBytes}`);
    }
    const qos = (first >> 1) & 3;
    const topicStart = headerBytes + 2;
    if (this.#have < topicStart) {
      return false;
    }
    const topicEnd = topicStart + this.#peek(topicStart).readUInt16BE(headerBytes);
    const headEnd = topicEnd + (qos > 0 ? 2 : 0);
    if (headEnd > total) {
      throw new Error('a PUBLISH whose topic is longer than the packet');
    }
    if (this.#have < headEnd) {
      return false;
    }
    const head = this.#take(headEnd);
    this.#skip = total - headEnd;
    this.#options.onSkipped({
      topic: head.toString('utf8', topicStart, topicEnd),
      qos,
      messageId: qos > 0 ? head.readUInt16BE(topicEnd) : undefined,
      bytes: total,
    });
    return true;
  }

  /** Up to `count` bytes from the front, which stay. */
  #peek(count: number): Buffer {
    const first = this.#chunks[0];
    if (first === undefined || first.length >= count || this.#chunks.length === 1) {
      return (first ?? Buffer.alloc(0)).subarray(0, count);
    }
    this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#peek(count);
  }

  /** `count` bytes from the front, which go. */
  #take(count: number): Buffer {
    if (this.#chunks.length > 1) {
      this.#chunks = [Buffer.concat(this.#chunks)];
    }
    const all = this.#chunks[0] ?? Buffer.alloc(0);
    this.#have -= count;
    this.#chunks = count < all.length ? [all.subarray(count)] : [];
    return all.subarray(0, count);
  }
}

/** `undefined` while bytes are missing. @throws Error when it is longer than four bytes */
function remainingLength(header: Buffer): { value: number; bytes: number } | undefined {
  let value = 0;
  for (let index = 1; index < header.length; index += 1) {
    const byte = header.readUInt8(index);
    value += (byte & 0x7f) * 128 ** (index - 1);
    if (byte < 0x80) {
      return { value, bytes: index };
    }
  }
  if (header.length >= 5) {
    throw new Error('a packet whose length is not valid');
  }
  return undefined;
}
