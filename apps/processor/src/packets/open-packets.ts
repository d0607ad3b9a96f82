import type { Clock, Logger } from '@vigilia/service';
import type { CameraMemory } from '../stream/camera-memory.ts';
import { clipPosition } from '../stream/clip-clock.ts';
import { clipDuration } from '../stream/clip-duration.ts';
import { clipPlaylist, receiverArgs } from '../stream/ffmpeg-args.ts';
import { checkInputArgs } from '../stream/input-args.ts';
import { parseStreamAddress, type StreamAddress } from '../stream/parse-stream-address.ts';
import type { PastRequest, StreamProcess, StreamProcessEvents } from '../stream/restarting-process.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import { CameraSession } from './camera-session.ts';
import { choosePath, chooseReader, noBeginning, type RtspReader } from './choose-path.ts';
import { ContinuousMaker } from './continuous-maker.ts';
import { FfmpegReceiver } from './ffmpeg-receiver.ts';
import { KeyframeDecoders } from './keyframe-decoders.ts';
import { KeyframeMaker } from './keyframe-maker.ts';
import type { PacketReceiver, PacketReceiverEvents } from './packet-receiver.ts';
import { PacketBudget, type PacketLimits } from './packet-ring.ts';
import { PacketStream } from './packet-stream.ts';
import { pastFrames } from './past-frames.ts';
import { ReadingTurns } from './reading-turns.ts';
import { RtspReceiver } from './rtsp-receiver.ts';

export type OpenProcess = (spec: StreamSpec, events: StreamProcessEvents) => Promise<StreamProcess>;

export interface OpenPacketsOptions {
  /** Path of ffmpeg (`stream/find-ffmpeg.ts`). */
  readonly ffmpeg: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The only folder that file addresses may name. */
  readonly mediaDir?: string | undefined;
  /** Since when clips have been playing in a loop, epoch ms; undefined: since now. */
  readonly clipEpochMs?: number | undefined;
  /** What is known of the cameras; shared with the streams. */
  readonly cameras: CameraMemory;
  readonly limits: PacketLimits;
  /** What receives RTSP cameras. */
  readonly rtspReader: RtspReader;
  /** Opens a camera whose packets cannot be kept. */
  readonly openFrames: OpenProcess;
}

/**
 * Makes the function that opens a camera for a room by its packets: one session per room, whatever number of streams uses it.
 * It rejects as `createOpenFfmpeg` does.
 */
export function createOpenPackets(options: OpenPacketsOptions): OpenProcess {
  const { ffmpeg, clock, logger, cameras, openFrames } = options;
  const sessions = new Sessions(options);
  const decoders = new KeyframeDecoders({ ffmpeg, clock });
  return async (spec, events) => {
    const inputArgs = checkInputArgs(spec.inputArgs);
    // a session that is open is used: the camera may refuse a second one
    const isOpen = await sessions.isOpen(spec);
    const choice = choosePath({ inputArgs, ...cameras.of(spec.address) });
    if (choice.path === 'frames' && !isOpen) {
      logNotKept(logger, spec, choice.reason);
      return openFrames(spec, events);
    }
    const session = await sessions.open(spec);
    const maker =
      spec.decode === 'keyframes'
        ? new KeyframeMaker({ session, spec, events, clock, decoders })
        : new ContinuousMaker({ session, spec, events, clock, ffmpeg });
    const past = (request: PastRequest) => pastFrames({ ffmpeg, clock, session, spec, request });
    const stream = new PacketStream({ session, spec, events, maker, past });
    stream.start();
    return stream;
  };
}

function logNotKept(logger: Logger, { sourceId }: StreamSpec, reason: string): void {
  logger.info({ event: 'packets_not_kept', source_id: sourceId, reason }, 'packets of this camera are not kept');
}

/** The sessions that are open, by what opens them. */
class Sessions {
  readonly #options: OpenPacketsOptions;
  readonly #budget: PacketBudget;
  readonly #readingTurns: ReadingTurns;
  readonly #clipEpochMs: number;
  readonly #open = new Map<string, Promise<CameraSession>>();

  constructor(options: OpenPacketsOptions) {
    this.#options = options;
    this.#budget = new PacketBudget(options.limits);
    this.#readingTurns = new ReadingTurns({ clock: options.clock });
    this.#clipEpochMs = options.clipEpochMs ?? options.clock.now();
  }

  /** Returns the one that is open, or opens one, once the one before it has ended. */
  async open(spec: StreamSpec): Promise<CameraSession> {
    const key = sessionKey(spec);
    for (;;) {
      const session = await (this.#open.get(key) ?? this.#openNew(key, spec));
      if (session.closing === undefined) return session;
      await session.closing;
    }
  }

  /** Whether there is a session that streams of this room share, once those that are closing have ended. */
  async isOpen(spec: StreamSpec): Promise<boolean> {
    const key = sessionKey(spec);
    for (let opening = this.#open.get(key); opening !== undefined; opening = this.#open.get(key)) {
      const session = await opening.catch(() => undefined);
      if (session?.closing === undefined) return session !== undefined;
      await session.closing;
    }
    return false;
  }

  #openNew(key: string, spec: StreamSpec): Promise<CameraSession> {
    const opening = this.#start(spec, () => {
      if (this.#open.get(key) === opening) {
        this.#open.delete(key);
      }
    });
    this.#open.set(key, opening);
    opening.catch(() => this.#open.delete(key));
    return opening;
  }

  async #start(spec: StreamSpec, onClosed: () => void): Promise<CameraSession> {
    const { clock, logger, mediaDir, cameras } = this.#options;
    const address = parseStreamAddress(spec.address, { mediaDir });
    const session = new CameraSession({
      receiver: await this.#receiverOf(spec, address),
      network: address.kind !== 'file',
      clock,
      budget: this.#budget,
      readingTurns: this.#readingTurns,
      camera: cameras.of(spec.address),
      onNoBeginning: () => logNotKept(logger, spec, noBeginning),
      onClosed,
    });
    try {
      await session.start();
    } catch (error) {
      session.ring.close();
      throw error;
    }
    return session;
  }

  /** What receives the camera: the processor itself or an ffmpeg. */
  async #receiverOf(
    { sourceId, address: uri, inputArgs }: StreamSpec,
    address: StreamAddress,
  ): Promise<(events: PacketReceiverEvents) => PacketReceiver> {
    const { ffmpeg, clock, logger, cameras, rtspReader } = this.#options;
    const camera = cameras.of(uri);
    const { kind } = address;
    if (chooseReader({ rtspReader, kind, inputArgs, givenUp: camera.ownReader.givenUp }) === 'own') {
      const onGivenUp = (reason: string): void =>
        logger.info({ event: 'rtsp_reader_given_up', source_id: sourceId, reason }, 'ffmpeg receives this camera');
      return (events) => new RtspReceiver({ address: uri, camera, clock, events, onGivenUp });
    }
    const seconds = kind === 'file' ? await clipDuration(ffmpeg, address.path) : undefined;
    const startSeconds = seconds === undefined ? undefined : clipPosition(clock.now(), this.#clipEpochMs, seconds);
    const args = receiverArgs({ address, camera, inputArgs, startSeconds });
    const input = kind === 'file' && seconds !== undefined ? clipPlaylist(address.path, seconds) : undefined;
    return (events) => new FfmpegReceiver({ ffmpeg, address: uri, args, input, camera, events });
  }
}

/** A session per room, also where two rooms show one camera: the trouble of a room is its own. */
function sessionKey({ sourceId, address, inputArgs }: StreamSpec): string {
  return JSON.stringify([sourceId, address, inputArgs]);
}
