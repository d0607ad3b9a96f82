import type { Clock } from '@vigilia/service';
import type { Reconciler } from '../reconcile/reconciler.ts';
import type { RoomStatusFacts } from './build-status.ts';

/** What of the reconciler a status shows. */
export type MonitoredRooms = Pick<Reconciler, 'config' | 'monitors' | 'models' | 'paused' | 'keyframeIntervalMs'>;

/** How each watched room stands now. */
export function roomStatusFacts(reconciler: MonitoredRooms, clock: Clock): RoomStatusFacts[] {
  const byId = new Map(reconciler.monitors.map((monitor) => [monitor.sourceId, monitor]));
  // results are timed on the monotonic clock; a status speaks in wall time
  const offsetMs = clock.now() - clock.monotonic();
  return reconciler.config.rooms.flatMap((room) => {
    const monitor = byId.get(room.sourceId);
    if (monitor === undefined) return [];
    const lastResultMs = monitor.lastResultMs();
    return {
      room,
      address: monitor.stream.spec.address,
      decoding: monitor.stream.spec.decode,
      keyframeIntervalMs: monitor.stream.keyframeIntervalMs() ?? reconciler.keyframeIntervalMs(room.sourceId),
      blind: monitor.blind(),
      lastResultAtMs: lastResultMs === undefined ? undefined : lastResultMs + offsetMs,
      zonesConfigured: monitor.settings.zones !== undefined,
    };
  });
}
