import { withoutUndefined } from '@vigilia/protocol';
import { within } from '@vigilia/service';
import type { TimeSpan } from '@vigilia/vision';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { HostWorker } from '../schedule/host-worker.ts';
import type { Frame } from '../stream/frame.ts';
import type { RoomStream } from '../stream/room-stream.ts';
import type { RoomContext } from './room-context.ts';
import type { Observation } from './room-people.ts';

/** Frames of the past are analysed at this rate: nothing that a person does on the way to the floor takes less. */
const lookBackFps = 4;
/** A look-back that takes longer goes on with what it has, ms. */
export const usualLookBackLimitMs = 10_000;

export interface PastOptions {
  readonly stream: Pick<RoomStream, 'spec' | 'past'>;
  readonly host: ModelHost;
  readonly worker: Pick<HostWorker, 'inSpareTime'>;
  readonly confidence: number;
  /** On the clock of the fall decision, ms; the most important one first. */
  readonly spans: readonly TimeSpan[];
  /** Of the room. */
  readonly signal: AbortSignal;
}

/**
 * Analyses what a room's camera sent in some spans of time, each frame while no room is due. Resolves with what was seen: with nothing
 * where no packets are kept, with a part of it where the time limit passed or the model failed. Never rejects.
 */
export async function analysePast(
  options: PastOptions,
  { clock, logger, originMs, lookBackLimitMs }: Pick<RoomContext, 'clock' | 'logger' | 'originMs' | 'lookBackLimitMs'>,
): Promise<Observation[]> {
  const { stream, host, spans } = options;
  using limit = within(lookBackLimitMs, options.signal, { clock });
  const past: Observation[] = [];
  const startedMs = clock.monotonic();
  // of the seconds that were asked for, those of which nothing was kept here: another processor had the room, or this one has just started
  let [seconds, missingSeconds, isKept] = [0, 0, false];
  const fields = { source_id: stream.spec.sourceId, model_id: host.modelId };
  logger.debug({ event: 'looks_back', ...fields, spans: spans.length }, 'looking back');
  try {
    for (const { afterMs, untilMs } of spans) {
      const request = { afterMs: afterMs - originMs, untilMs: untilMs - originMs, fps: lookBackFps };
      const frames = stream.past({ ...request, signal: limit.signal });
      if (frames === undefined) break;
      isKept = true;
      const before = past.length;
      for await (const frame of frames) {
        past.push(await observed(frame, past.length % 2 === 1, options, limit.signal, originMs));
      }
      seconds += (untilMs - afterMs) / 1000;
      missingSeconds += Math.max(0, (past[before]?.atMs ?? untilMs) - afterMs - 1000 / lookBackFps) / 1000;
    }
  } catch (err) {
    const reason = limit.passed ? `it took longer than ${lookBackLimitMs / 1000} s` : undefined;
    const cut = withoutUndefined({ event: 'look_back_cut_short', ...fields, reason, err, frames: past.length });
    logger.warn(cut, 'the look-back was cut short');
  }
  if (isKept) {
    const durationMs = Math.round(clock.monotonic() - startedMs);
    const missing = Math.round(10 * missingSeconds) / 10;
    const found = { frames: past.length, seconds, missing_seconds: missing, duration_ms: durationMs };
    logger.info({ event: 'looked_back', ...fields, ...found }, 'looked back');
  }
  return past;
}

async function observed(
  frame: Frame,
  isOdd: boolean,
  { host, worker, confidence }: PastOptions,
  signal: AbortSignal,
  originMs: number,
): Promise<Observation> {
  const mirrored = host.description.mirrorsEverySecondFrame && isOdd;
  const { detections } = await worker.inSpareTime(() => host.infer(frame, { confidence, mirrored }), signal);
  return { atMs: originMs + frame.monotonicMs, detections, mirrored, frameSize: frame.displayed };
}
