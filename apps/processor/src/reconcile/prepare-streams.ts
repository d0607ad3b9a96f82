import { CommandError } from '@vigilia/protocol';
import { type Clock, within } from '@vigilia/service';
import type { RoomParts } from '../room/create-room-parts.ts';
import type { RoomStream } from '../stream/room-stream.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';

/** A stream to be opened beside the running ones. */
export interface StreamRequest {
  readonly spec: StreamSpec;
  /** Whether the change fails without its first frame: not for rooms that were blind already. */
  readonly required: boolean;
  /** First frame within this, ms. */
  readonly limitMs: number;
}

export interface PrepareStreamsOptions {
  readonly parts: Pick<RoomParts, 'openStream'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What a room that was blind already is given once all others are ready. */
  readonly blindGraceMs: number;
}

/** Time between keyframes of a sparing camera, ms. */
const longGroupMs = 60_000;

export interface PreparedStreams {
  readonly streams: ReadonlyMap<number, RoomStream>;
  /** Rooms whose new stream has no frame yet. */
  readonly stillBlind: readonly number[];
}

/**
 * Opens streams all at once and waits for the first frame of each required one; rooms that need not show a frame get a short
 * grace. When a required one fails, everything that was opened is ended.
 * @throws CommandError `stream_unreachable`.
 */
export async function prepareStreams(
  requests: readonly StreamRequest[],
  options: PrepareStreamsOptions,
): Promise<PreparedStreams> {
  const streams = new Map<number, RoomStream>();
  const others = new AbortController();
  const signal = AbortSignal.any([options.signal, others.signal]);
  // async, so that a stream that refuses its address rejects like one that shows nothing
  const open = async (request: StreamRequest): Promise<void> => {
    const stream = options.parts.openStream(request.spec);
    streams.set(request.spec.sourceId, stream);
    stream.start();
    await waitForFrame(stream, request, { ...options, signal });
  };
  const required = requests.filter((request) => request.required).map(open);
  const optional = requests.filter((request) => !request.required);
  const optionalSeen = Promise.allSettled(optional.map(open));
  try {
    await Promise.all(required);
    const grace = options.clock.setTimeout(() => others.abort(new Error('the others are ready')), options.blindGraceMs);
    const results = await optionalSeen;
    grace.cancel();
    options.signal.throwIfAborted();
    const stillBlind = optional.filter((_, i) => results[i]?.status === 'rejected').map(({ spec }) => spec.sourceId);
    return { streams, stillBlind };
  } catch (error) {
    others.abort(error);
    await Promise.allSettled([...required, optionalSeen]);
    await Promise.allSettled([...streams.values()].map((stream) => stream.stop()));
    throw error;
  }
}

/**
 * Waits for the first frame; a camera that sends already is given time for a long group of pictures.
 * @throws CommandError `stream_unreachable` when no frame came within the limit.
 */
export async function waitForFrame(
  stream: RoomStream,
  request: Pick<StreamRequest, 'spec' | 'limitMs'>,
  options: { clock: Clock; signal: AbortSignal },
): Promise<unknown> {
  const { clock, signal } = options;
  const { spec, limitMs } = request;
  const first = async (ms: number, totalMs: number): Promise<unknown> => {
    using limit = within(ms, signal, { clock, error: () => noFrame(stream, spec, totalMs) });
    return await stream.firstFrame(limit.signal).catch((error: unknown) => {
      throw limit.passed ? limit.signal.reason : error;
    });
  };
  try {
    return await first(limitMs, limitMs);
  } catch (error) {
    if (signal.aborted || !stream.receiving()) throw error;
    return first(longGroupMs, limitMs + longGroupMs);
  }
}

function noFrame(stream: RoomStream, spec: StreamSpec, limitMs: number): CommandError {
  const blind = stream.blind();
  const why = blind === undefined ? '' : ` (${[blind.cause, blind.detail].filter(Boolean).join(': ')})`;
  const message = `Stream ${spec.sourceId} gave no picture within ${Math.round(limitMs / 100) / 10} s${why}`;
  return new CommandError('stream_unreachable', message, { field: 'source_id' });
}
