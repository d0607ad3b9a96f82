import type { ModelHost } from '../model/supervised-model-host.ts';
import { type BlindCause, type Blindness, blindCauses } from '../stream/blindness.ts';
import type { RoomStream } from '../stream/room-stream.ts';

/**
 * Why a room had no result for longer than it may: why it is blind, or that it is paused, that its model's process has to be
 * replaced, that the model is busy with other frames, or that no new frame came (yet).
 */
export type UnwatchedCause = BlindCause | 'paused' | 'model_lost' | 'model_busy' | 'no_picture';

/** Every cause for which time without a result is counted. */
export const unwatchedCauses: readonly UnwatchedCause[] = [
  ...blindCauses,
  'paused',
  'model_lost',
  'model_busy',
  'no_picture',
];

/** What a room without a result is waiting for at this moment: the cause of a gap. */
export function unwatchedCause(room: {
  readonly paused: boolean;
  readonly stream: Pick<RoomStream, 'newest'>;
  readonly blind: Blindness | undefined;
  readonly model: Pick<ModelHost, 'stats'>;
  /** Monotonic. */
  readonly lastResultMs: number | undefined;
}): UnwatchedCause {
  const { paused, stream, blind, model, lastResultMs = Number.NEGATIVE_INFINITY } = room;
  if (paused) return 'paused';
  if (blind !== undefined) return blind.cause;
  // its process has ended, and the one that replaces it is not there yet
  if (model.stats.pid === undefined) return 'model_lost';
  const newest = stream.newest();
  return newest !== undefined && newest.monotonicMs > lastResultMs ? 'model_busy' : 'no_picture';
}
