import {
  type ClipMode,
  channels,
  type Incident,
  lastFall,
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

/** What is kept of an incident, in memory only. */
interface IncidentClip {
  readonly mode: ClipMode;
  readonly until: string;
  readonly sourceId: number;
  readonly fallId: string | undefined;
  readonly fallAtMs: number;
  readonly frames: KeptFrame[];
  readonly timers: Timer[];
  /** Aborts when the clip is deleted. */
  readonly deleting: AbortController;
  recordedUntilMs: number;
  /** Settles when what was sent so far has been recorded. */
  recording: Promise<void>;
}

const framesPerSecond = 4;
const plainWidth = 640;
const encodeLimitMs = 60_000;
/** Of all clips together; the oldest make room. */
const maxTotalBytes = 64_000_000;
/** A packet needs a moment from the camera to the memory. */
const afterEndMs = 1000;

/**
 * Makes the clip of each incident for which the policy allows one (`clip` of the retained incident), from the packets that are kept:
 * at once, and when the time after the fall is over. A clip is never written anywhere. It is deleted when its time is over, when the
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

  /** Returns what is kept of an incident, once a recording that is under way has ended; undefined where that is nothing. */
  async of(incidentId: string): Promise<Pick<IncidentClip, 'mode' | 'frames' | 'deleting'> | undefined> {
    await this.#clips.get(incidentId)?.recording;
    const clip = this.#clips.get(incidentId);
    return clip === undefined || clip.frames.length === 0 ? undefined : clip;
  }

  #take(incidentId: string, incident: Incident | undefined): void {
    const { clock } = this.#options;
    const remainingMs = Date.parse(incident?.clip?.until ?? '') - this.#nowMs();
    if (incident?.clip === undefined || !(remainingMs > 0)) {
      this.#delete(incidentId);
      return;
    }
    const { mode, until } = incident.clip;
    const fallId = lastFall(incident)?.event_id;
    const known = this.#clips.get(incidentId);
    if (known?.mode === mode && known.until === until && known.fallId === fallId) return;
    this.#delete(incidentId);
    const fallAtMs = Date.parse(onFloorSince(incident));
    const clip: IncidentClip = {
      mode,
      until,
      sourceId: incident.source_id,
      fallId,
      fallAtMs,
      frames: [],
      timers: [clock.setTimeout(() => this.#delete(incidentId), remainingMs)],
      deleting: new AbortController(),
      recordedUntilMs: fallAtMs - replayWindowMs,
      recording: Promise.resolve(),
    };
    this.#clips.set(incidentId, clip);
    this.#record(incidentId, clip);
    const endsInMs = fallAtMs + replayWindowMs + afterEndMs - this.#nowMs();
    if (endsInMs > 0) {
      clip.timers.push(clock.setTimeout(() => this.#record(incidentId, clip), endsInMs));
    }
  }

  #delete(incidentId: string): void {
    const clip = this.#clips.get(incidentId);
    if (clip === undefined) return;
    this.#clips.delete(incidentId);
    clip.deleting.abort(new Error('the clip is not allowed any more'));
    clip.frames.length = 0;
    for (const timer of clip.timers) {
      timer.cancel();
    }
  }

  #record(incidentId: string, clip: IncidentClip): void {
    const { logger } = this.#options;
    clip.recording = this.#work
      .run(() => this.#addFrames(incidentId, clip))
      .catch((err) => {
        if (clip.deleting.signal.aborted) return;
        logger.warn({ event: 'clip_not_recorded', incident_id: incidentId, err }, 'a clip could not be made');
      });
  }

  /** Adds what the camera sent since the last recording, as far as this processor has its packets. */
  async #addFrames(incidentId: string, clip: IncidentClip): Promise<void> {
    const { clock, ffmpeg, logger, roomOf } = this.#options;
    const afterMs = clip.recordedUntilMs;
    const untilMs = Math.min(this.#nowMs(), clip.fallAtMs + replayWindowMs);
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
    clip.recordedUntilMs = untilMs;
    for (const [at, jpeg] of jpegs.entries()) {
      if (jpeg.length <= maxClipFrameBytes && clip.frames.length < maxClipFrames) {
        // a copy: the rest of the encoder's output is not kept with it
        clip.frames.push({ atMs: this.#originMs + (times[at] ?? 0), jpeg: Buffer.from(jpeg) });
      }
    }
    this.#makeRoom(incidentId);
    const fields = { event: 'clip_recorded', incident_id: incidentId, source_id: clip.sourceId, mode: clip.mode };
    logger.info({ ...fields, frames: clip.frames.length, bytes: bytesOf(clip) }, 'a clip is kept in memory');
  }

  #makeRoom(newest: string): void {
    for (const incidentId of this.#clips.keys()) {
      const bytes = [...this.#clips.values()].reduce((sum, clip) => sum + bytesOf(clip), 0);
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

function bytesOf({ frames }: IncidentClip): number {
  return frames.reduce((sum, { jpeg }) => sum + jpeg.length, 0);
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
