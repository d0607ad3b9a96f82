import { isDeepStrictEqual } from 'node:util';
import type { Trouble } from '../stream/ffmpeg-messages.ts';
import type { Frame } from '../stream/frame.ts';
import type { PastRequest, SessionCamera, SessionEnd, StreamProcess } from '../stream/restarting-process.ts';
import type { SessionUser } from './camera-session.ts';
import type { FrameMaker, FrameMakerOptions } from './frame-maker.ts';
import type { Packet } from './packet.ts';

export interface PacketStreamOptions extends FrameMakerOptions {
  readonly maker: FrameMaker;
  /** Decodes what the session has kept. */
  readonly past: (request: PastRequest) => AsyncIterable<Frame>;
}

/** One stream's use of a session: its packets are reported, and frames are made of them. */
export class PacketStream implements StreamProcess, SessionUser {
  readonly needsPacketsAtOnce: boolean;
  readonly #options: PacketStreamOptions;
  #stopped = false;

  constructor(options: PacketStreamOptions) {
    this.#options = options;
    this.needsPacketsAtOnce = options.maker.needsPacketsAtOnce;
  }

  start(): void {
    this.#options.session.join(this);
    this.#options.maker.start();
  }

  get pid(): number | undefined {
    return this.#options.session.pid;
  }

  get opened(): boolean {
    return this.#options.session.opened;
  }

  errors(): readonly string[] {
    return this.#options.session.errors();
  }

  sharesSession({ sourceId, address, inputArgs }: SessionCamera): boolean {
    const { spec } = this.#options;
    const same = spec.sourceId === sourceId && spec.address === address && isDeepStrictEqual(spec.inputArgs, inputArgs);
    return same && this.#options.session.closing === undefined;
  }

  past(request: PastRequest): AsyncIterable<Frame> {
    return this.#options.past(request);
  }

  packet(packet: Packet): void {
    if (this.#stopped) return;
    this.#options.events.onPacket(packet.key);
    this.#options.maker.packet(packet);
  }

  heard(): void {
    if (!this.#stopped) {
      this.#options.events.onPacket(false);
    }
  }

  showNewest(): void {
    if (!this.#stopped) {
      this.#options.maker.showNewest();
    }
  }

  ended(trouble: Trouble): void {
    if (!this.#stopped) {
      this.#options.events.onEnd(trouble);
    }
  }

  /** With `keep` it stays among the users of the session, which it leaves when this is called again. */
  async stop(end: SessionEnd = 'leave'): Promise<void> {
    this.#stopped = true;
    const left = end === 'keep' ? undefined : this.#options.session.leave(this, end);
    await Promise.all([this.#options.maker.stop(), left]);
  }
}
