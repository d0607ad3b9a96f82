import type { Trouble } from '../stream/ffmpeg-messages.ts';
import type { SessionEnd, StreamProcess, StreamProcessEvents } from '../stream/restarting-process.ts';
import type { CameraSession, SessionUser } from './camera-session.ts';
import type { FrameMaker } from './frame-maker.ts';
import type { Packet } from './packet.ts';

/** One stream's use of a session: its packets are reported, and frames are made of them. */
export class PacketStream implements StreamProcess, SessionUser {
  readonly #session: CameraSession;
  readonly #events: StreamProcessEvents;
  readonly #maker: FrameMaker;
  #stopped: Promise<void> | undefined;

  constructor(options: {
    readonly session: CameraSession;
    readonly events: StreamProcessEvents;
    readonly maker: FrameMaker;
  }) {
    this.#session = options.session;
    this.#events = options.events;
    this.#maker = options.maker;
  }

  start(): void {
    this.#session.join(this);
    this.#maker.start();
  }

  get pid(): number | undefined {
    return this.#session.pid;
  }

  get opened(): boolean {
    return this.#session.opened;
  }

  errors(): readonly string[] {
    return this.#session.errors();
  }

  packet(packet: Packet): void {
    if (this.#stopped !== undefined) return;
    this.#events.onPacket(packet.key);
    this.#maker.packet(packet);
  }

  ended(trouble: Trouble): void {
    if (this.#stopped === undefined) this.#events.onEnd(trouble);
  }

  stop(session: SessionEnd = 'leave'): Promise<void> {
    this.#stopped ??= Promise.all([this.#maker.stop(), this.#session.leave(this, session)]).then(() => {});
    return this.#stopped;
  }
}
