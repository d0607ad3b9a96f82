import { Gauge, type Registry } from 'prom-client';
import type { Reconciler } from '../reconcile/reconciler.ts';
import type { RoomSnapshot } from '../watch/ports.ts';

/**
 * What the watches count, per room, on `/metrics`: read when it is asked for. Unwatched and blind time by cause come first: they
 * say whether somebody could have fallen unseen.
 */
export function registerRoomMetrics(registry: Registry, reconciler: Reconciler): void {
  const perRoom = (name: string, help: string, value: (snapshot: RoomSnapshot) => number): void => {
    const metric = new Gauge({ name, help, labelNames: ['source_id'], registers: [registry], collect });
    function collect(): void {
      metric.reset();
      for (const watch of reconciler.watches)
        metric.set({ source_id: String(watch.sourceId) }, value(watch.snapshot()));
    }
  };
  perRoom('vigilia_room_unwatched_seconds_total', 'Seconds without a result', (room) => room.unwatchedMs / 1000);
  perRoom('vigilia_room_frames_offered_total', 'Frames the camera gave', (room) => room.offered);
  perRoom('vigilia_room_frames_analysed_total', 'Frames the model saw', (room) => room.analysed);
  perRoom('vigilia_room_frames_skipped_total', 'Frames skipped because the model was busy', (room) => room.skipped);
  perRoom('vigilia_room_fps', 'Analysed frames a second', (room) => room.fps);
  registerBlindness(registry, reconciler);
  registerModels(registry, reconciler);
}

function registerBlindness(registry: Registry, reconciler: Reconciler): void {
  const name = 'vigilia_room_blind_seconds_total';
  const labelNames = ['source_id', 'cause'];
  const metric = new Gauge({
    name,
    help: 'Seconds without a picture, by cause',
    labelNames,
    registers: [registry],
    collect,
  });
  function collect(): void {
    metric.reset();
    for (const watch of reconciler.watches) {
      for (const [cause, ms] of Object.entries(watch.snapshot().blindMs)) {
        metric.set({ source_id: String(watch.sourceId), cause }, ms / 1000);
      }
    }
  }
}

function registerModels(registry: Registry, reconciler: Reconciler): void {
  const perModel = (name: string, help: string, key: 'restarts' | 'lost'): void => {
    const metric = new Gauge({ name, help, labelNames: ['model_id'], registers: [registry], collect });
    function collect(): void {
      metric.reset();
      for (const { modelId, stats } of reconciler.models) metric.set({ model_id: modelId }, stats[key]);
    }
  };
  perModel('vigilia_model_restarts_total', 'Model hosts replaced after a crash or a hang', 'restarts');
  perModel('vigilia_model_lost_frames_total', 'Frames lost with a model host', 'lost');
}
