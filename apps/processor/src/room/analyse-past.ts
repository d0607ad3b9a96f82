import { within } from '@vigilia/service';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { HostWorker } from '../schedule/host-worker.ts';
import type { RoomStream } from '../stream/room-stream.ts';
import type { RoomContext } from './room-context.ts';
import type { Observation } from './room-people.ts';

/** Frames of the past are analysed at this rate: nothing that a person does on the way to the floor takes less. */
const lookBackFps = 4;
/** A look-back that takes longer goes on with what it has, ms. */
const lookBackLimitMs = 10_000;

export interface PastOptions {
  readonly stream: Pick<RoomStream, 'spec' | 'past'>;
  readonly host: ModelHost;
  readonly worker: Pick<HostWorker, 'inSpareTime'>;
  readonly confidence: number;
  /** On the clock of the fall decision, ms. */
  readonly span: { readonly afterMs: number; readonly untilMs: number };
}

/**
 * Analyses what a room's camera sent in a span of time, each frame while no room is due. Resolves with what was seen, oldest first: with
 * nothing where no packets are kept, with a part of it where the time limit passed or the model failed. Never rejects.
 */
export async function analysePast(
  { stream, host, worker, confidence, span }: PastOptions,
  { clock, logger, originMs }: Pick<RoomContext, 'clock' | 'logger' | 'originMs'>,
): Promise<Observation[]> {
  using limit = within(lookBackLimitMs, undefined, { clock });
  const afterMs = span.afterMs - originMs;
  const untilMs = span.untilMs - originMs;
  const frames = stream.past({ afterMs, untilMs, fps: lookBackFps, signal: limit.signal });
  if (frames === undefined) return [];
  const past: Observation[] = [];
  const fields = { event: 'looked_back', source_id: stream.spec.sourceId, model_id: host.modelId };
  const startedMs = clock.monotonic();
  try {
    for await (const frame of frames) {
      const mirrored = host.description.mirrorsEverySecondFrame && past.length % 2 === 1;
      const work = worker.inSpareTime(() => host.infer(frame, { confidence, mirrored }));
      const { detections } = await limit.race(work);
      past.push({ atMs: originMs + frame.monotonicMs, detections, mirrored, frameSize: frame.displayed });
    }
  } catch (err) {
    logger.warn({ ...fields, err, frames: past.length }, 'the look-back was cut short');
  }
  const durationMs = Math.round(clock.monotonic() - startedMs);
  const seconds = Math.round((untilMs - afterMs) / 100) / 10;
  logger.info({ ...fields, frames: past.length, seconds, duration_ms: durationMs }, 'looked back');
  return past;
}
