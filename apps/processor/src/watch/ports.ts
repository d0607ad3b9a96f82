/**
 * The seams of the processor: what the reconciler (`reconcile/`) may ask of streams, model hosts and room watches.
 * Everything above prepares, switches and retires through these interfaces and knows nothing of ffmpeg or ONNX Runtime.
 */
import type { CameraView, Detection, ModelDescription } from '@vigilia/vision';

/** How frames leave the decoder: keyframes only (cheap, rate bound by the camera's keyframe interval) or every frame. */
export type DecodeMode = 'keyframes' | 'full';

/** Everything that decides which ffmpeg a room needs. Two rooms with equal specs need equal processes. */
export interface StreamSpec {
  readonly sourceId: number;
  /** Full address; may hold credentials, so it is never logged: see `redactUrl`. */
  readonly address: string;
  readonly decode: DecodeMode;
  /** Whether the stream may decode every frame by itself where keyframes alone give none (`decode: auto`). */
  readonly mayDecodeAll: boolean;
  /** Aspect and rotation of the picture, for cameras that do not say it themselves. */
  readonly view: CameraView;
  /** Size of the model's input in pixels: ffmpeg scales into it with the aspect kept (letterbox, grey 114). */
  readonly width: number;
  readonly height: number;
  /** Additional input arguments (hardware decoding) that passed the whitelist. */
  readonly inputArgs: readonly string[];
  /** Seconds of identical frames after which the room counts as frozen; 0 = off. */
  readonly frozenAfterSeconds: number;
}

/** The newest picture of a room: `data` is rgb24, `width` × `height` × 3 bytes, letterboxed from `source`. */
export interface Frame {
  readonly sourceId: number;
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Size of the displayed picture: square pixels, rotated as the room's `view` says. */
  readonly source: { readonly width: number; readonly height: number };
  /** Counts up per ffmpeg process. */
  readonly sequence: number;
  /** Wall clock and monotonic time at which the frame left ffmpeg, ms. */
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/**
 * `no_keyframe`: the camera sends, but nothing that a decoder can begin with; `dark`, `covered`: its frames come, and nothing can be
 * seen in them.
 */
export const blindCauses = [
  'starting',
  'unreachable',
  'silent',
  'no_keyframe',
  'frozen',
  'ended',
  'decoder',
  'model_failed',
  'dark',
  'covered',
] as const;
export type BlindCause = (typeof blindCauses)[number];

/**
 * Why a room had no result for longer than it may: why it is blind, or that it is paused, that its model's process has to be
 * replaced, that the model is busy with other pictures, or that no new picture came (yet).
 */
export type UnwatchedCause = BlindCause | 'paused' | 'model_lost' | 'model_busy' | 'no_picture';

/** One ffmpeg and its newest-frame slot. Restarts its process by itself with backoff; never throws after `start`. */
export interface RoomStream {
  /** What it does now: `decode` is `full` once keyframes alone gave no frame. */
  readonly spec: StreamSpec;
  start(): void;
  /** Resolves with the first frame; rejects on abort (the limit is the caller's, by its signal). The stream itself lives on. */
  firstFrame(signal: AbortSignal): Promise<Frame>;
  /** The newest frame, whether or not it was analysed; undefined before the first. */
  newest(): Frame | undefined;
  /** undefined while frames come. */
  blind(): { readonly cause: BlindCause; readonly sinceMs: number; readonly detail?: string } | undefined;
  /** The camera sends, whether or not it can be decoded yet: the first frame may still come (a long group of pictures). */
  receiving(): boolean;
  /**
   * Measured time between keyframes, ms; undefined until two were seen or in full decode without the figure; Infinity where
   * no keyframe can be decoded alone.
   */
  keyframeIntervalMs(): number | undefined;
  /** Called for each frame and for each change of `blind()`. One listener (the room watch). */
  listen(listener: { frame(frame: Frame): void; blindness(): void } | undefined): void;
  /** Idempotent; resolves when the process is gone. */
  stop(): Promise<void>;
}

export interface InferenceResult {
  /** Boxes and keypoints in pixels of the camera's image. */
  readonly detections: readonly Detection[];
  /** Time inside the model, ms. */
  readonly inferenceMs: number;
  readonly passes: number;
}

/** One child process with one ONNX session. */
export interface ModelHost {
  readonly modelId: string;
  readonly description: ModelDescription;
  /** Score of the person in the embedded picture, 0 where the model found none; undefined where it was not tried on it. */
  readonly personConfidence?: number | undefined;
  /**
   * Analyses one frame; reports objects from `confidence` on.
   * Rejects with `ModelHostError` when the host died or hung; it is replaced by itself. The frame that it computed on is lost and
   * counted (`lost`), one behind it may be asked again (`untouched`).
   */
  infer(frame: Frame, options: { readonly confidence: number }): Promise<InferenceResult>;
  readonly stats: {
    readonly restarts: number;
    readonly lost: number;
    /** Frames for which the model gave an error or numbers that cannot be right. */
    readonly failed: number;
    readonly usualMs: number | undefined;
    readonly pid: number | undefined;
  };
  /** Waits for work in flight, then ends the process. Idempotent. */
  stop(): Promise<void>;
}

/** What the watch of a room needs and the reconciler may change in one synchronous step. */
export interface WatchSettings {
  readonly maxFps: number;
  readonly confidence: number;
  readonly tracking: boolean;
  /** undefined: never configured (docs/fall-detection.md#when-it-alarms). */
  readonly zones: readonly import('@vigilia/protocol').Zone[] | undefined;
}

/** A room being watched: slot → scheduler → model → decode → tracker → fall → publish. */
export interface RoomWatch {
  readonly sourceId: number;
  /** Synchronous: from this call on the new parts are used; results of the old ones still in flight are dropped. */
  switchTo(parts: { stream?: RoomStream; model?: ModelHost; settings?: WatchSettings }): void;
  /** The room is due at once (after a switch). */
  dueNow(): void;
  pause(): void;
  resume(): void;
  /** A person knows of the fall in this room: no more reminders. */
  acknowledgeFall(): void;
  /** A person has dealt with it: quiet at that place until the resident is up or in bed. */
  resolveFall(): void;
  /** What another watcher of this room published (a hand-over overlaps): a fall that both see keeps one name. */
  hearOf(other: import('@vigilia/protocol').RoomState): void;
  /** Why the room cannot be seen, by its camera or by its model; undefined while it can. */
  blind(): ReturnType<RoomStream['blind']>;
  readonly stream: RoomStream;
  readonly model: ModelHost;
  readonly settings: WatchSettings;
  /** Height of a standing person as a share of the frame's height; undefined until learned. */
  readonly standingHeight: number | undefined;
  /** Monotonic time of the last result, ms; undefined before the first. */
  lastResultMs(): number | undefined;
  /** Resolves with the monotonic time of the first result after `afterMs`; undefined when the limit passed first. */
  nextResult(afterMs: number, limitMs: number): Promise<number | undefined>;
  /** Counters for metrics and status. */
  snapshot(): RoomSnapshot;
  /** Ends the watch (not the stream and the model: the reconciler retires those). */
  stop(): Promise<void>;
}

export interface RoomSnapshot {
  readonly offered: number;
  readonly analysed: number;
  readonly skipped: number;
  readonly fps: number;
  readonly lastFrameMs: number | undefined;
  readonly blindMs: Readonly<Partial<Record<BlindCause, number>>>;
  readonly unwatchedMs: Readonly<Partial<Record<UnwatchedCause, number>>>;
  readonly people: number;
  readonly fall: string;
}

/** What a room watch tells the outside. Payloads are the protocol's; `publish/` puts them on their topics. */
export interface WatchOutput {
  /** One for every analysed frame, also when it is empty. */
  detections(message: import('@vigilia/protocol').DetectionsMessage): void;
  /** On change: what must travel with the room (retained). */
  room(state: import('@vigilia/protocol').RoomState): void;
  event(event: import('@vigilia/protocol').VigiliaEvent): void;
}

/** What it takes to watch a room. */
export interface RoomWatchOptions {
  readonly sourceId: number;
  readonly stream: RoomStream;
  readonly model: ModelHost;
  readonly settings: WatchSettings;
  /** The camera refuses a second session: a burst does not open one beside the first. */
  readonly singleSession?: boolean;
  /** The retained `nvr/rooms/{id}` of whoever watched before: the fall machine goes on where that one stopped. */
  readonly restored?: import('@vigilia/protocol').RoomState;
}

/** The three factories the reconciler prepares with. `main.ts` builds them from `stream/`, `model/` and `watch/`. */
export interface WatchParts {
  /** Not started yet. Never throws: an address that cannot be opened is a blind stream (`unreachable`). */
  openStream(spec: StreamSpec): RoomStream;
  /**
   * Resolves when the session is loaded, warmed on a blank frame and checked (input, output, finite result).
   * Rejects with `CommandError`: `model_not_found` (the message lists the ids that exist) or `model_invalid`; on abort it ends the child and rejects.
   */
  loadModel(modelId: string, signal: AbortSignal): Promise<ModelHost>;
  /** Starts watching at once. */
  createRoomWatch(options: RoomWatchOptions): RoomWatch;
}
