import { channels } from '@vigilia/protocol';
import type { ChannelBus, Clock, Timer } from '@vigilia/service';
import type { Reconciler } from '../reconcile/reconciler.ts';
import { buildMetrics, buildReport, type MetricsFacts } from './build-metrics.ts';
import type { Identity } from './identity.ts';
import { ProcessUsageMeter } from './process-usage.ts';

export interface MetricsPublisherOptions {
  readonly bus: ChannelBus;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly reconciler: Reconciler;
  readonly intervalMs: number;
  uptimeMs(): number;
}

/** Publishes the light report at a steady beat (also a second heartbeat), and the full one when asked. */
export class MetricsPublisher {
  readonly #options: MetricsPublisherOptions;
  readonly #meter = new ProcessUsageMeter();
  readonly #reportMeter = new ProcessUsageMeter();
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: MetricsPublisherOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stopped) return;
    this.#publish();
    this.#timer = this.#options.clock.setTimeout(() => this.start(), this.#options.intervalMs);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** The full report, after the command `metrics`. */
  report(extra: { commandId: string; commands: Readonly<Record<string, number>> }): void {
    const { bus, identity } = this.#options;
    const report = buildReport(this.#facts(this.#reportMeter), extra);
    void bus.publish(channels.metricsReport, { instance_id: identity.instanceId }, report);
  }

  #publish(): void {
    const { bus, identity } = this.#options;
    const message = buildMetrics(this.#facts(this.#meter));
    void bus.publish(channels.metrics, { instance_id: identity.instanceId }, message);
  }

  #facts(meter: ProcessUsageMeter): MetricsFacts {
    const { identity, clock, reconciler, uptimeMs } = this.#options;
    return {
      identity,
      nowMs: clock.now(),
      uptimeMs: uptimeMs(),
      rooms: reconciler.monitors.map((monitor) => ({ sourceId: monitor.sourceId, counters: monitor.counters() })),
      models: reconciler.models,
      usage: meter.read(clock.monotonic()),
    };
  }
}
