import type { Finding } from '@vigilia/protocol';
import { streamAddress } from '@vigilia/protocol';

export interface NewRoom {
  readonly sourceId: number;
  /** May hold credentials. */
  readonly address: string | undefined;
  /** Where rooms without an address are, if that is known. */
  readonly streamServer: string | undefined;
  readonly maxFps: number | undefined;
}

/** Looks at the camera of a room that is not monitored yet, as `vigilia doctor` does: resolution, rate, keyframes, shape and light. */
export async function checkNewRoom({
  sourceId,
  address,
  streamServer,
  maxFps = 0.1,
}: NewRoom): Promise<readonly Finding[]> {
  const place = address ?? (streamServer === undefined ? undefined : streamAddress(streamServer, sourceId));
  if (place === undefined) return [notChecked(sourceId)];
  const { checkRoom } = await import('../doctor/check-room.ts');
  const view = { aspect: undefined, rotate: 0 } as const;
  return checkRoom(
    { sourceId, address: place, view, maxFps, zones: undefined, settingsKnown: false },
    { mediaDir: process.env.MEDIA_DIR },
  );
}

function notChecked(sourceId: number): Finding {
  return {
    check: `room ${sourceId}`,
    result: 'skipped',
    detail: 'the camera was not checked, because its address is not known here',
    remedy: 'Give --address or --stream-server, or run "vigilia doctor" once it is monitored.',
  };
}
