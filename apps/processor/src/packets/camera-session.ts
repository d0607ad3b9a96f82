import type { Clock } from '@vigilia/service';
import type { CameraTraits } from '../stream/camera-memory.ts';
import type { Trouble } from '../stream/ffmpeg-messages.ts';
import { learnFromEnd } from '../stream/learn-from-end.ts';
import type { ReadPacket } from '../stream/packet-blocks.ts';
import type { SessionEnd } from '../stream/restarting-process.ts';
import { AnnexB } from './annex-b.ts';
import type { KeptTrack } from './decoder-process.ts';
import { canBegin, isPacketCodec } from './nal-units.ts';
import type { Packet } from './packet.ts';
import type { PacketReceiver, PacketReceiverEvents } from './packet-receiver.ts';
import { type PacketBudget, PacketRing } from './packet-ring.ts';
import type { ReadingTurns } from './reading-turns.ts';

/** A stream that uses the packets of a session. */
export interface SessionUser {
  /** Otherwise packets may come several at a time. */
  readonly needsPacketsAtOnce: boolean;
  packet(packet: Packet): void;
  /** The camera sent something of which no use can be made. */
  heard(): void;
  /** The session has ended. */
  ended(trouble: Trouble): void;
}

export interface CameraSessionOptions {
  /** Makes what receives the camera; it is not started yet. */
  readonly receiver: (events: PacketReceiverEvents) => PacketReceiver;
  /** Not a file. */
  readonly network: boolean;
  readonly clock: Clock;
  readonly budget: PacketBudget;
  readonly readingTurns: ReadingTurns;
  readonly camera: CameraTraits;
  /** What is kept is of no use: no packet came with which decoding can begin. */
  readonly onNoBeginning: () => void;
  /** Called once, when its process has ended. */
  readonly onClosed: () => void;
}

/**
 * A camera that sends no packet with which decoding can begin for this long is expected never to send one, ms. One that has sent such
 * a packet in the session may have keyframes that are far apart.
 */
const noBeginningMs = 60_000;
const noOtherBeginningMs = 600_000;

const unknownTrack = { codec: '', width: 0, height: 0, sar: '0/1' };

/** One session at a camera: what it sends is received without being decoded, and the last packets are kept. All streams of a room share it. */
export class CameraSession {
  readonly ring: PacketRing;
  /** Time of the newest frame that was made of its packets, monotonic ms. */
  shownMs = Number.NEGATIVE_INFINITY;
  readonly #options: CameraSessionOptions;
  readonly #receiver: PacketReceiver;
  readonly #users = new Set<SessionUser>();
  #track: KeptTrack | undefined;
  #annexB: AnnexB | undefined;
  #packets = 0;
  /** When the first packet came, and the last one with which decoding can begin, monotonic ms. */
  #firstMs: number | undefined;
  #lastBeginningMs: number | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: CameraSessionOptions) {
    this.#options = options;
    this.ring = new PacketRing({ budget: options.budget, begins: (packet) => this.#begins(packet) });
    this.#receiver = options.receiver({
      onPacket: (packet) => this.#onPacket(packet),
      onUseless: () => this.#onUseless(),
      onEnd: (trouble) => this.#onEnd(trouble),
    });
  }

  /** What is known of the camera. */
  get camera(): CameraTraits {
    return this.#options.camera;
  }

  get pid(): number | undefined {
    return this.#receiver.pid;
  }

  /** The camera was reached: its stream has been described. */
  get opened(): boolean {
    return this.#receiver.opened;
  }

  /** Known from the first packet on. */
  get track(): KeptTrack | undefined {
    return this.#track;
  }

  /** Resolves when it has ended; undefined while it is open. */
  get closing(): Promise<void> | undefined {
    return this.#closed;
  }

  errors(): readonly string[] {
    return this.#receiver.report().errors;
  }

  start(): Promise<void> {
    return this.#receiver.start();
  }

  join(user: SessionUser): void {
    if (this.#closed !== undefined) {
      user.ended({ cause: 'ended', detail: 'the camera is opened anew', final: false, retryAtOnce: true });
      return;
    }
    this.#users.add(user);
    this.#pace();
  }

  /** A frame was made of its packets. */
  shown(receivedMs: number): void {
    this.shownMs = Math.max(this.shownMs, receivedMs);
  }

  /** Resolves when the session has ended, where it ends. */
  async leave(user: SessionUser, end: Exclude<SessionEnd, 'keep'>): Promise<void> {
    const used = this.#users.delete(user);
    if (!used || this.#closed !== undefined) return this.#closed;
    if (end === 'reconnect') {
      await this.#close({ cause: 'ended', detail: 'the camera is opened anew', final: false });
    } else if (this.#users.size === 0) {
      await this.#close();
    } else {
      this.#pace();
    }
  }

  /** Where no user needs packets at once, they are read together with those of other sessions. */
  #pace(): void {
    const batched = ![...this.#users].some((user) => user.needsPacketsAtOnce);
    this.#receiver.setBatched(batched);
    if (batched) {
      this.#options.readingTurns.join(this.#receiver);
    } else {
      this.#options.readingTurns.leave(this.#receiver);
    }
  }

  #onPacket(read: ReadPacket): void {
    if (this.#receiver.stopped) return;
    this.#packets++;
    const track = this.#track ?? this.#describe();
    if (track === undefined) return;
    const packet = this.#packetOf(read, track);
    this.ring.add(packet);
    this.#noteNoBeginning(packet);
    for (const user of this.#users) {
      user.packet(packet);
    }
  }

  #onUseless(): void {
    this.#packets++;
    for (const user of this.#users) {
      user.heard();
    }
  }

  #begins(packet: Packet): boolean {
    if (!canBegin(this.#track, packet)) return false;
    this.#lastBeginningMs = packet.receivedMs;
    // its first one came late
    this.#options.camera.neverBegins = false;
    return true;
  }

  /**
   * Its frames are decoded from the packets all the same; the next time it is opened, one ffmpeg receives and decodes. A group that was
   * forgotten because the memory is too small for it does not count: keyframes come.
   */
  #noteNoBeginning({ receivedMs }: Packet): void {
    this.#firstMs ??= receivedMs;
    const sinceMs = receivedMs - (this.#lastBeginningMs ?? this.#firstMs);
    const limitMs = this.#lastBeginningMs === undefined ? noBeginningMs : noOtherBeginningMs;
    const { camera, onNoBeginning } = this.#options;
    if (camera.neverBegins || this.ring.bytes > 0 || sinceMs < limitMs) return;
    camera.neverBegins = true;
    onNoBeginning();
  }

  #packetOf({ data: sent, key, block }: ReadPacket, track: KeptTrack): Packet {
    this.#annexB ??= new AnnexB(track.codec);
    const data = this.#annexB.convert(sent, key);
    const receivedMs = this.#options.clock.monotonic();
    if (data === sent) return { data, block, key, receivedMs };
    block.release();
    return { data, block: undefined, key, receivedMs };
  }

  /** With the first packet. A camera whose packets cannot be kept is opened anew, to be received and decoded by one ffmpeg. */
  #describe(): KeptTrack | undefined {
    const { codec, width, height, sar } = this.#receiver.track ?? unknownTrack;
    if (isPacketCodec(codec)) {
      this.#track = { codec, width, height, sar };
      return this.#track;
    }
    this.#options.camera.foreignCodec = codec;
    const detail = `packets of the codec ${codec} are not kept`;
    void this.#close({ cause: 'ended', detail, final: false, retryAtOnce: true });
    return undefined;
  }

  #onEnd(trouble: Trouble): void {
    const { network, camera } = this.#options;
    const { format, videoTracks, errors } = this.#receiver.report();
    const learnt = learnFromEnd(camera, {
      network,
      format,
      videoTracks,
      errors,
      packets: this.#packets,
      frames: this.shownMs > Number.NEGATIVE_INFINITY ? 1 : 0,
    });
    const { cause, detail } = trouble;
    void this.#close(learnt ? { cause, detail, final: false, retryAtOnce: true } : trouble);
  }

  #close(trouble?: Trouble): Promise<void> {
    this.#closed ??= this.#end(trouble);
    return this.#closed;
  }

  async #end(trouble: Trouble | undefined): Promise<void> {
    this.#options.readingTurns.leave(this.#receiver);
    this.ring.close();
    const ending = this.#receiver.stop().finally(() => this.#options.onClosed());
    const users = [...this.#users];
    this.#users.clear();
    if (trouble !== undefined) {
      for (const user of users) {
        user.ended(trouble);
      }
    }
    await ending;
  }
}
