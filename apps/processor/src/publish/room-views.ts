import type { Clock } from '@vigilia/service';
import type { Reconciler } from '../reconcile/reconciler.ts';
import type { RoomView } from './build-status.ts';

/** What of the reconciler a status shows. */
export type WatchedHouse = Pick<Reconciler, 'config' | 'watches' | 'paused' | 'keyframeIntervalMs'>;

/** How each watched room stands now. */
export function roomViews(reconciler: WatchedHouse, clock: Clock): RoomView[] {
  const byId = new Map(reconciler.watches.map((watch) => [watch.sourceId, watch]));
  // results are timed on the monotonic clock; a status speaks in wall time
  const offsetMs = clock.now() - clock.monotonic();
  return reconciler.config.rooms.flatMap((room) => {
    const watch = byId.get(room.sourceId);
    if (watch === undefined) return [];
    const lastResultMs = watch.lastResultMs();
    return {
      room,
      address: watch.stream.spec.address,
      decoding: watch.stream.spec.decode,
      keyframeIntervalMs: watch.stream.keyframeIntervalMs() ?? reconciler.keyframeIntervalMs(room.sourceId),
      blind: watch.blind(),
      lastResultAtMs: lastResultMs === undefined ? undefined : lastResultMs + offsetMs,
      zonesConfigured: watch.settings.zones !== undefined,
    };
  });
}
