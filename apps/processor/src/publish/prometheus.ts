import { Counter, Gauge, type Registry } from 'prom-client';
import type { Reconciler } from '../reconcile/reconciler.ts';
import type { RoomCounters } from '../room/room-monitor.ts';
import { unwatchedCauses } from '../room/unwatched-cause.ts';
import { blindCauses } from '../stream/blindness.ts';

/**
 * What is counted per room, on `/metrics`: read when it is asked for. Unwatched and blind time by cause come first: they
 * show whether a fall could have been missed.
 */
export function registerRoomMetrics(registry: Registry, reconciler: Reconciler): void {
  perCause(registry, reconciler, {
    name: 'vigilia_room_unwatched_seconds_total',
    help: 'Seconds without a result beyond what the rate allows, by what the room waited for',
    causes: unwatchedCauses,
    of: (room) => room.unwatchedMs,
  });
  perCause(registry, reconciler, {
    name: 'vigilia_room_blind_seconds_total',
    help: 'Seconds without a picture, by cause',
    causes: blindCauses,
    of: (room) => room.blindMs,
  });
  const perRoom = (name: string, help: string, value: (snapshot: RoomCounters) => number): void =>
    counter(registry, { name, help, labelNames: ['source_id'] }, (tell) => {
      for (const monitor of reconciler.monitors) {
        tell({ source_id: String(monitor.sourceId) }, value(monitor.counters()));
      }
    });
  perRoom('vigilia_room_frames_offered_total', 'Frames the camera gave', (room) => room.received);
  perRoom('vigilia_room_frames_analysed_total', 'Frames the model saw', (room) => room.analysed);
  perRoom('vigilia_room_frames_skipped_total', 'Frames skipped because the model was busy', (room) => room.skipped);
  registerRates(registry, reconciler);
  registerModels(registry, reconciler);
}

interface MetricName {
  readonly name: string;
  readonly help: string;
  readonly labelNames: string[];
}

type Tell = (labels: Record<string, string>, value: number) => void;

/** A counter that is counted elsewhere: its values are read on request. */
function counter(registry: Registry, metric: MetricName, read: (tell: Tell) => void): void {
  const own = new Counter({ ...metric, registers: [registry], collect });
  function collect(): void {
    own.reset();
    read((labels, value) => own.inc(labels, value));
  }
}

function registerRates(registry: Registry, reconciler: Reconciler): void {
  const labelNames = ['source_id'];
  const [name, help] = ['vigilia_room_fps', 'Analysed frames per second'];
  const metric = new Gauge({ name, help, labelNames, registers: [registry], collect });
  function collect(): void {
    metric.reset();
    for (const monitor of reconciler.monitors) {
      metric.set({ source_id: String(monitor.sourceId) }, monitor.counters().fps);
    }
  }
}

interface CauseMetric {
  readonly name: string;
  readonly help: string;
  /** Those without a second are there too, as 0: a counter that appears with its first second hides that second from `increase()`. */
  readonly causes: readonly string[];
  /** Milliseconds. */
  of(room: RoomCounters): Readonly<Record<string, number>>;
}

function perCause(registry: Registry, reconciler: Reconciler, { name, help, causes, of }: CauseMetric): void {
  counter(registry, { name, help, labelNames: ['source_id', 'cause'] }, (tell) => {
    for (const monitor of reconciler.monitors) {
      const ms = of(monitor.counters());
      for (const cause of causes) {
        tell({ source_id: String(monitor.sourceId), cause }, (ms[cause] ?? 0) / 1000);
      }
    }
  });
}

function registerModels(registry: Registry, reconciler: Reconciler): void {
  const perModel = (name: string, help: string, key: 'restarts' | 'lost' | 'failed'): void =>
    counter(registry, { name, help, labelNames: ['model_id'] }, (tell) => {
      for (const { modelId, stats } of reconciler.models) {
        tell({ model_id: modelId }, stats[key]);
      }
    });
  const provider = new Gauge({
    name: 'vigilia_model_provider',
    help: 'What computes a model: 1 for the provider in use',
    labelNames: ['model_id', 'provider'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { modelId, stats } of reconciler.models) {
        this.set({ model_id: modelId, provider: stats.provider }, 1);
      }
    },
  });
  void provider;
  perModel('vigilia_model_restarts_total', 'Model hosts replaced after a crash or a hang', 'restarts');
  perModel('vigilia_model_lost_frames_total', 'Frames lost with a model host', 'lost');
  perModel(
    'vigilia_model_failed_frames_total',
    'Frames for which a model gave an error or impossible numbers',
    'failed',
  );
}
