import { constants, setPriority } from 'node:os';
import { addAbortSignal, Readable } from 'node:stream';
import type { Clock } from '@vigilia/service';
import { displayedSize } from '@vigilia/vision';
import type { Frame } from '../stream/frame.ts';
import type { PastRequest } from '../stream/restarting-process.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import type { CameraSession } from './camera-session.ts';
import { DecoderProcess, type KeptTrack } from './decoder-process.ts';
import { canBegin } from './nal-units.ts';
import type { Packet } from './packet.ts';

export interface PastFramesOptions {
  readonly ffmpeg: string;
  readonly clock: Clock;
  readonly session: CameraSession;
  readonly spec: StreamSpec;
  readonly request: PastRequest;
}

/** Decoded frames that wait to be analysed, bytes; one waits in any case. */
const mostWaitingBytes = 8_000_000;

/**
 * Decodes what a session has kept, in a process of its own that gives way to all others and waits while frames are not taken. Yields
 * frames oldest first; ends early where packets cannot be decoded. Ends its process when the caller stops iterating.
 * @throws AbortError, or the signal's reason, when the request's signal aborts
 */
export async function* pastFrames({ ffmpeg, clock, session, spec, request }: PastFramesOptions): AsyncGenerator<Frame> {
  const { track } = session;
  const { afterMs, untilMs, fps, signal } = request;
  signal.throwIfAborted();
  if (track === undefined) return;
  const packets = decodablePackets(session.ring.packets, track, { afterMs, untilMs });
  const [first] = packets;
  if (first === undefined) return;
  const { sourceId, view } = spec;
  const { width, height } = request.size ?? spec;
  let sequence = 0;
  const decoder = new DecoderProcess({
    ffmpeg,
    view,
    width,
    height,
    threads: 1,
    // packets come several at a time: a frame may be due a little early
    everyMs: 0.9 * (1000 / fps),
    onFrame: (data, picture) => {
      const monotonicMs = first.receivedMs + (picture.timestamp ?? 0);
      if (monotonicMs <= afterMs || monotonicMs >= untilMs) return;
      const wallMs = clock.now() - (clock.monotonic() - monotonicMs);
      const displayed = displayedSize(picture, view);
      sequence += 1;
      const frame = { sourceId, data: Buffer.from(data), width, height, displayed, sequence, wallMs, monotonicMs };
      decoder.setPaused(!frames.push(frame));
    },
    onEnd: () => frames.push(null),
  });
  const highWaterMark = Math.max(1, Math.floor(mostWaitingBytes / (width * height * 3)));
  const frames = new Readable({ objectMode: true, highWaterMark, read: () => decoder.setPaused(false) });
  // its error reaches the iteration; before that begins an error without a listener would end the processor
  frames.on('error', () => {});
  addAbortSignal(signal, frames);
  try {
    await decoder.start();
    giveWay(decoder.pid);
    decoder.describe(track);
    void feed(decoder, packets);
    yield* frames;
  } finally {
    await decoder.stop();
    for (const { block } of packets) {
      block?.release();
    }
  }
}

/** Gives a decoder the packets as fast as it takes them. Never rejects. */
async function feed(decoder: DecoderProcess, packets: readonly Packet[]): Promise<void> {
  const firstMs = packets[0]?.receivedMs ?? 0;
  let timestamp = -1;
  for (const { data, key, receivedMs } of packets) {
    timestamp = Math.max(timestamp + 1, Math.round(receivedMs - firstMs));
    decoder.write({ data, key, timestamp });
    await decoder.taken();
  }
  decoder.endInput();
}

/**
 * From the last packet before the time at which a decoder can begin; from the first such one after it where none is kept. Their blocks
 * are in use once more: the caller releases them.
 */
function decodablePackets(
  kept: readonly Packet[],
  track: KeptTrack,
  { afterMs, untilMs }: Pick<PastRequest, 'afterMs' | 'untilMs'>,
): readonly Packet[] {
  const begins = (packet: Packet): boolean => canBegin(track, packet);
  const before = kept.findLastIndex((packet) => packet.receivedMs <= afterMs && begins(packet));
  const from = before >= 0 ? before : kept.findIndex(begins);
  if (from < 0) return [];
  const packets = kept.slice(from).filter(({ receivedMs }) => receivedMs < untilMs);
  for (const { block } of packets) {
    block?.use();
  }
  return packets;
}

/** Without a process id there is no process; 0 would be the processor itself. */
function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // it has ended already
  }
}
