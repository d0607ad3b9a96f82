import {
  type ClipMode,
  channels,
  type Incident,
  lastFall,
  maxClipFalls,
  maxClipFrameBytes,
  maxClipFrames,
  onFloorSince,
  replayWindowMs,
} from '@vigilia/protocol';
import { type ChannelBus, type Clock, type Logger, type Timer, within } from '@vigilia/service';
import { encodeFrames } from '../picture/encode-frames.ts';
import { blurredWidth } from '../picture/encode-snapshot.ts';
import { OneAtATime } from '../room/one-at-a-time.ts';
import type { MonitoredRoom } from '../room/room-monitor.ts';
import type { Frame } from '../stream/frame.ts';

export interface IncidentClipsOptions {
  readonly bus: ChannelBus;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Path of ffmpeg. */
  readonly ffmpeg: string;
  /** The monitor of a room that this processor has. */
  roomOf(sourceId: number): Pick<MonitoredRoom, 'stream'> | undefined;
}

/** One frame of a clip as a JPEG. */
interface KeptFrame {
  /** When the camera sent it, epoch ms. */
  readonly atMs: number;
  readonly jpeg: Buffer;
}

/** What is kept of one fall. */
interface FallClip {
  readonly fallId: string | undefined;
  readonly fallAtMs: number;
  readonly frames: KeptFrame[];
  recordedUntilMs: number;
  /** Records what follows the fall. */
  end: Timer | undefined;
  /** Settles when what was sent so far has been recorded. */
  recording: Promise<void>;
}

/** What is kept of an incident, in memory only. */
interface IncidentClip {
  readonly mode: ClipMode;
  readonly until: string;
  readonly sourceId: number;
  /** Oldest first. */
  readonly falls: FallClip[];
  /** Deletes the clip when its time is over. */
  readonly expiry: Timer;
  /** Aborts when the clip is deleted. */
  readonly deleting: AbortController;
}

/** A clip as it may leave the processor: frames of all falls in the order of their times. */
type ShownClip = Pick<IncidentClip, 'mode' | 'deleting'> & { readonly frames: readonly KeptFrame[] };

const framesPerSecond = 4;
const plainWidth = 640;
const encodeLimitMs = 60_000;
/** Of all clips together; the oldest make room. */
const maxTotalBytes = 64_000_000;
const maxFallBytes = maxTotalBytes / maxClipFalls;
const maxFallFrames = maxClipFrames / maxClipFalls;
/** A packet needs a moment from the camera to the memory. */
const afterEndMs = 1000;

/**
 * Makes the clip of each incident for which the policy allows one (`clip` of the retained incident), from the packets that are kept:
 * at once, and when the time after the fall is over. A later fall of the incident is added to the clip. A clip is never written anywhere. It is deleted when its time is over, when the
 * incident does not allow it any more, and when the processor ends. Frames are decoded in the size of the mode: a blurred clip is
 * blurred before this process has it.
 */
export class IncidentClips {
  readonly #options: IncidentClipsOptions;
  readonly #originMs: number;
  /** Oldest first. */
  readonly #clips = new Map<string, IncidentClip>();
  /** Clips are made one after the other: each decodes half a minute of frames. */
  readonly #work = new OneAtATime();

  constructor(options: IncidentClipsOptions) {
    const { clock } = options;
    this.#options = options;
    this.#originMs = clock.now() - clock.monotonic();
  }

  async start(): Promise<void> {
    const { bus } = this.#options;
    await bus.subscribe(channels.incident, ({ places, value }) => this.#take(places.incident_id, value));
  }

  stop(): void {
    for (const incidentId of this.#clips.keys()) {
      this.#delete(incidentId);
    }
  }

  /** Returns what is kept of an incident, once recordings that are under way have ended; undefined where that is nothing. */
  async of(incidentId: string): Promise<ShownClip | undefined> {
    await Promise.all(this.#clips.get(incidentId)?.falls.map(({ recording }) => recording) ?? []);
    const clip = this.#clips.get(incidentId);
    const frames = clip?.falls.flatMap((fall) => fall.frames) ?? [];
    if (clip === undefined || frames.length === 0) return undefined;
    return { mode: clip.mode, deleting: clip.deleting, frames: frames.toSorted((a, b) => a.atMs - b.atMs) };
  }

  #take(incidentId: string, incident: Incident | undefined): void {
    const remainingMs = Date.parse(incident?.clip?.until ?? '') - this.#nowMs();
    if (incident?.clip === undefined || !(remainingMs > 0)) {
      this.#delete(incidentId);
      return;
    }
    const { mode, until } = incident.clip;
    const known = this.#clips.get(incidentId);
    if (known?.mode !== mode || known.until !== until) {
      this.#delete(incidentId);
    }
    const clip = this.#clips.get(incidentId) ?? this.#open(incident, { mode, until, remainingMs });
    const fallId = lastFall(incident)?.event_id;
    if (clip.falls.some((fall) => fall.fallId === fallId)) return;
    this.#addFall(incidentId, clip, { fallId, fallAtMs: Date.parse(onFloorSince(incident)) });
  }

  #open(
    { incident_id: incidentId, source_id: sourceId }: Incident,
    { mode, until, remainingMs }: { readonly mode: ClipMode; readonly until: string; readonly remainingMs: number },
  ): IncidentClip {
    const expiry = this.#options.clock.setTimeout(() => this.#delete(incidentId), remainingMs);
    const clip: IncidentClip = { mode, until, sourceId, falls: [], expiry, deleting: new AbortController() };
    this.#clips.set(incidentId, clip);
    return clip;
  }

  /** Begins where the clip of the fall before ends: no moment is shown twice. */
  #addFall(incidentId: string, clip: IncidentClip, { fallId, fallAtMs }: Pick<FallClip, 'fallId' | 'fallAtMs'>): void {
    const before = clip.falls.at(-1)?.fallAtMs ?? Number.NEGATIVE_INFINITY;
    const fall: FallClip = {
      fallId,
      fallAtMs,
      frames: [],
      recordedUntilMs: Math.max(fallAtMs - replayWindowMs, before + replayWindowMs),
      end: undefined,
      recording: Promise.resolve(),
    };
    clip.falls.push(fall);
    if (clip.falls.length > maxClipFalls) {
      forget(clip.falls.splice(1, 1));
    }
    this.#record(incidentId, clip, fall);
    const endsInMs = fallAtMs + replayWindowMs + afterEndMs - this.#nowMs();
    if (endsInMs > 0) {
      fall.end = this.#options.clock.setTimeout(() => this.#record(incidentId, clip, fall), endsInMs);
    }
  }

  #delete(incidentId: string): void {
    const clip = this.#clips.get(incidentId);
    if (clip === undefined) return;
    this.#clips.delete(incidentId);
    clip.deleting.abort(new Error('the clip is not allowed any more'));
    clip.expiry.cancel();
    forget(clip.falls);
  }

  #record(incidentId: string, clip: IncidentClip, fall: FallClip): void {
    const { logger } = this.#options;
    fall.recording = this.#work
      .run(() => this.#addFrames(incidentId, clip, fall))
      .catch((err) => {
        if (clip.deleting.signal.aborted) return;
        logger.warn({ event: 'clip_not_recorded', incident_id: incidentId, err }, 'a clip could not be made');
      });
  }

  /** Adds what the camera sent since the last recording, as far as this processor has its packets. */
  async #addFrames(incidentId: string, clip: IncidentClip, fall: FallClip): Promise<void> {
    const { clock, ffmpeg, logger, roomOf } = this.#options;
    const afterMs = fall.recordedUntilMs;
    const untilMs = Math.min(this.#nowMs(), fall.fallAtMs + replayWindowMs);
    const stream = roomOf(clip.sourceId)?.stream;
    if (stream === undefined || untilMs <= afterMs || clip.deleting.signal.aborted) return;
    const size = sizeOf(stream.newest(), clip.mode);
    using limit = within(encodeLimitMs, clip.deleting.signal, { clock });
    const span = { afterMs: afterMs - this.#originMs, untilMs: untilMs - this.#originMs };
    const past = stream.past({ ...span, fps: framesPerSecond, size, signal: limit.signal });
    if (past === undefined) return;
    const times: number[] = [];
    const jpegs = await encodeFrames(ffmpeg, { ...size, frames: pixelsOf(past, times) }, encodeLimitMs);
    limit.signal.throwIfAborted();
    if (!clip.falls.includes(fall)) return;
    fall.recordedUntilMs = untilMs;
    for (const [at, jpeg] of jpegs.entries()) {
      const fits = fall.frames.length < maxFallFrames && bytesOf([fall]) + jpeg.length <= maxFallBytes;
      if (fits && jpeg.length <= maxClipFrameBytes) {
        // a copy: the rest of the encoder's output is not kept with it
        fall.frames.push({ atMs: this.#originMs + (times[at] ?? 0), jpeg: Buffer.from(jpeg) });
      }
    }
    this.#makeRoom(incidentId);
    const frames = clip.falls.reduce((sum, one) => sum + one.frames.length, 0);
    const fields = { event: 'clip_recorded', incident_id: incidentId, source_id: clip.sourceId, mode: clip.mode };
    logger.info({ ...fields, frames, bytes: bytesOf(clip.falls) }, 'a clip is kept in memory');
  }

  #makeRoom(newest: string): void {
    for (const incidentId of this.#clips.keys()) {
      const bytes = [...this.#clips.values()].reduce((sum, { falls }) => sum + bytesOf(falls), 0);
      if (bytes <= maxTotalBytes) return;
      if (incidentId !== newest) {
        this.#delete(incidentId);
      }
    }
  }

  #nowMs(): number {
    return this.#originMs + this.#options.clock.monotonic();
  }
}

async function* pixelsOf(frames: AsyncIterable<Frame>, times: number[]): AsyncGenerator<Uint8Array> {
  for await (const { data, monotonicMs } of frames) {
    times.push(monotonicMs);
    yield data;
  }
}

function bytesOf(falls: readonly FallClip[]): number {
  return falls.reduce((sum, { frames }) => frames.reduce((bytes, { jpeg }) => bytes + jpeg.length, sum), 0);
}

function forget(falls: readonly FallClip[]): void {
  for (const { end, frames } of falls) {
    end?.cancel();
    frames.length = 0;
  }
}

/** Size of the clip, px: the shape of the camera's frame, without bars around it. */
function sizeOf(newest: Frame | undefined, mode: ClipMode): { readonly width: number; readonly height: number } {
  const { width: cameraWidth, height: cameraHeight } = newest?.displayed ?? { width: 16, height: 9 };
  const wanted = mode === 'blurred' ? blurredWidth : plainWidth;
  const width = newest === undefined ? wanted : Math.min(wanted, even(cameraWidth));
  return { width, height: even((width * cameraHeight) / cameraWidth) };
}

function even(length: number): number {
  return Math.max(2, 2 * Math.round(length / 2));
}
