import type { Clock, Timer } from '@vigilia/service';
import type { RtspError } from '../rtsp/rtsp-error.ts';
import { RtspSession } from '../rtsp/rtsp-session.ts';
import type { CameraTraits } from '../stream/camera-memory.ts';
import { explainErrors, type Trouble } from '../stream/ffmpeg-messages.ts';
import type { PacketTrack } from '../stream/packet-lines.ts';
import type { PacketReceiver, PacketReceiverEvents } from './packet-receiver.ts';
import { ReaderTrials } from './reader-trials.ts';

export interface RtspReceiverOptions {
  readonly address: string;
  readonly camera: CameraTraits;
  readonly clock: Clock;
  readonly events: PacketReceiverEvents;
  /** ffmpeg receives this camera from now on. */
  readonly onGivenUp: (reason: string) => void;
}

/** A read of so many bytes may have emptied a full buffer: the camera waits to send more. */
const fullBufferBytes = 64_000;
/** A camera that has agreed to send and sends nothing for this long does not send, ms. */
const emptyAfterMs = 5000;

/** The processor's own reader of RTSP: one connection, no process. */
export class RtspReceiver implements PacketReceiver {
  readonly pid = undefined;
  readonly #options: RtspReceiverOptions;
  readonly #session: RtspSession;
  readonly #trials: ReaderTrials;
  #batched = false;
  #track: PacketTrack | undefined;
  #errors: readonly string[] = [];
  #silence: Timer | undefined;
  #playingSinceMs = Number.POSITIVE_INFINITY;
  #stopped: Promise<void> | undefined;

  constructor(options: RtspReceiverOptions) {
    const { address, camera, clock, events } = options;
    this.#options = options;
    this.#trials = new ReaderTrials(camera.ownReader);
    this.#session = new RtspSession({
      address,
      videoTrack: camera.videoTrack,
      clock,
      // before the first packet there are answers that must not wait
      readsOn: (bytes) => !this.#batched || !this.#trials.received || bytes >= fullBufferBytes,
      onPacket: (packet) => {
        this.#trials.packet();
        if (!this.stopped) {
          events.onPacket(packet);
        }
      },
      onUseless: () => {
        this.#trials.packet();
        if (!this.stopped) {
          events.onUseless();
        }
      },
      onPlaying: () => this.#onPlaying(),
      onEnd: (error) => this.#onEnd(error),
    });
  }

  get opened(): boolean {
    return this.#session.videoTracks > 0;
  }

  /** The camera has agreed to send. */
  get playing(): boolean {
    return this.#session.playing;
  }

  get stopped(): boolean {
    return this.#stopped !== undefined;
  }

  get track(): PacketTrack | undefined {
    const { track, size } = this.#session;
    if (this.#track === undefined && track !== undefined && size !== undefined) {
      // the shape of a sample is in the parameter sets, which decoders read
      this.#track = { codec: track.codec, width: size.width, height: size.height, sar: '0/1' };
    }
    return this.#track;
  }

  report(): ReturnType<PacketReceiver['report']> {
    const videoTracks = Array.from({ length: this.#session.videoTracks }, () => true);
    return { format: this.opened ? 'rtsp' : undefined, videoTracks, errors: this.#errors };
  }

  async start(): Promise<void> {
    this.#session.start();
  }

  setBatched(batched: boolean): void {
    this.#batched = batched;
    if (!batched) {
      this.readBatch();
    }
  }

  readBatch(): void {
    this.#session.resume();
  }

  /** A session that the camera agreed to and in which it sent nothing counts as a failure of the reader. */
  stop(): Promise<void> {
    const silentMs = this.#options.clock.monotonic() - this.#playingSinceMs;
    if (!this.stopped && silentMs >= emptyAfterMs) {
      this.#giveUp(this.#trials.empty());
    }
    return this.#end();
  }

  #end(): Promise<void> {
    this.#silence?.cancel();
    this.#stopped ??= this.#session.stop();
    return this.#stopped;
  }

  /** Of several tracks, one may never send. */
  #onPlaying(): void {
    this.#playingSinceMs = this.#options.clock.monotonic();
    const { camera, clock, events } = this.#options;
    if (this.#session.videoTracks < 2) return;
    this.#silence = clock.setTimeout(() => {
      if (this.#trials.received || this.stopped) return;
      void this.#end();
      events.onEnd({ cause: 'silent', detail: 'the video track sends nothing', final: false });
    }, camera.probeMs);
  }

  #giveUp(reason: string | undefined): void {
    if (reason !== undefined) {
      this.#options.onGivenUp(reason);
    }
  }

  #onEnd(error: RtspError): void {
    if (this.stopped) return;
    this.#errors = [error.message];
    const reason = this.#trials.failed(error, this.opened);
    void this.#end();
    this.#giveUp(reason);
    this.#options.events.onEnd(troubleOf(error, reason !== undefined));
  }
}

function troubleOf({ kind, message }: RtspError, givenUp: boolean): Trouble {
  if (givenUp)
    return { cause: 'ended', detail: 'ffmpeg receives the camera from now on', final: false, retryAtOnce: true };
  const known = explainErrors([message], 'the RTSP reader');
  const cause = kind === 'closed' ? 'ended' : 'unreachable';
  return known ?? { cause, detail: message, final: false };
}
