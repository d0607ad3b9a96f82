import type { Clock } from '@vigilia/service';
import type { RoomParts } from '../room/create-room-parts.ts';
import type { MonitoredRoom } from '../room/room-monitor.ts';
import type { RoomStream } from '../stream/room-stream.ts';
import { type StreamRequest, waitForFrame } from './prepare-streams.ts';

export interface BreakOptions {
  readonly parts: Pick<RoomParts, 'openStream'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A stream that could only be opened after the old one was closed. */
export interface BrokenRoom {
  readonly stream: RoomStream;
  readonly seen: boolean;
  /** The change failed after all: the old address is opened again. */
  undo(): Promise<void>;
}

/**
 * For a camera that refuses a second session: the old stream ends, then the new one opens. When the new one shows nothing the
 * old address is opened again, so that a refused change leaves the room as it was but for the gap.
 * @throws CommandError `stream_unreachable` when the request is required and no frame came.
 */
export async function breakBeforeMake(
  monitor: MonitoredRoom,
  request: StreamRequest,
  options: BreakOptions,
): Promise<BrokenRoom> {
  const old = monitor.stream;
  await old.stop();
  const stream = options.parts.openStream(request.spec);
  const undo = async (): Promise<void> => {
    await stream.stop();
    const again = options.parts.openStream(old.spec);
    again.start();
    monitor.switchTo({ stream: again });
  };
  stream.start();
  try {
    await waitForFrame(stream, request, options);
    return { stream, seen: true, undo };
  } catch (error) {
    if (!request.required && !options.signal.aborted) return { stream, seen: false, undo };
    await undo();
    throw error;
  }
}
