import type { Check, Clock, Logger, Timer } from '@vigilia/service';
import type { SinkDocument } from './documents/document.ts';
import type { DocumentContext } from './documents/ecs.ts';
import { sinkDocument } from './documents/sink-document.ts';
import type { Intake } from './input/intake.ts';
import type { SinkMetrics } from './metrics.ts';
import type { DeadLetters } from './output/dead-letters.ts';
import type { Output } from './output/output.ts';
import type { Pump } from './output/pump.ts';
import type { RunSettings } from './settings/run-settings.ts';
import { priorities } from './spool/priority.ts';
import type { Spool } from './spool/spool.ts';

export interface SelfReportOptions {
  readonly settings: Pick<RunSettings, 'instanceId' | 'metricsIntervalMs' | 'spoolMaxBytes'>;
  readonly bootId: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly spool: Spool;
  readonly intake: Intake;
  readonly outputs: readonly Output[];
  readonly metrics: SinkMetrics;
  readonly deadLetters: DeadLetters;
  readonly context: () => DocumentContext;
}

/** The sink's own state: gauges for /metrics, the answer of /readyz, and a document that dashboards and the alert on a silent sink read. */
export class SelfReport {
  readonly #options: SelfReportOptions;
  #timer: Timer | undefined;
  #sequence = 0;
  #pumps: readonly Pump[] = [];

  constructor(options: SelfReportOptions) {
    this.#options = options;
  }

  start(pumps: readonly Pump[]): void {
    const { clock, settings } = this.#options;
    this.#pumps = pumps;
    this.#timer = clock.setTimeout(() => {
      this.start(pumps);
      this.#report();
    }, settings.metricsIntervalMs);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /**
   * Not ok while the broker is disconnected or refuses something, the spool takes nothing or an output stores nothing. Each part is
   * shown with its reason.
   * @param broker the part of the answer that the connection gives
   */
  readiness(broker: Check): Check {
    const { intake, outputs, spool } = this.#options;
    const check: Check = {
      ...broker,
      ok: broker.ok && intake.failing === undefined && outputs.every(({ failing }) => failing === undefined),
      spool: intake.failing ?? 'ok',
      spool_bytes: spool.bytes,
    };
    for (const { name, failing } of outputs) {
      check[name] = failing === undefined ? 'ok' : `${failing.reason}: ${failing.detail}`;
    }
    return check;
  }

  #report(): void {
    const { intake, context, logger } = this.#options;
    this.#refreshGauges();
    intake
      .accept(this.#document(context()))
      .catch((err: unknown) => logger.debug({ event: 'self_report_failed', err }, 'own state not recorded'));
  }

  #refreshGauges(): void {
    const { spool, metrics, outputs, clock } = this.#options;
    for (const priority of priorities) {
      metrics.spoolBytes.set({ priority }, spool.bytesOf(priority));
    }
    for (const [index, { name: output }] of outputs.entries()) {
      for (const priority of priorities) {
        metrics.pending.set({ output, priority }, spool.consumer(output).pending(priority));
      }
      metrics.lagSeconds.set({ output }, (this.#pumps[index]?.lagMs(clock.now()) ?? 0) / 1000);
    }
  }

  #document(context: DocumentContext): SinkDocument {
    const { settings, bootId, spool, outputs, deadLetters, clock } = this.#options;
    this.#sequence += 1;
    const lags = this.#pumps.map((pump) => pump.lagMs(clock.now()));
    const state = {
      spool_bytes: spool.bytes,
      spool_used_percent: Math.round((1000 * spool.bytes) / settings.spoolMaxBytes) / 10,
      pending_records: Math.max(0, ...outputs.map(({ name }) => spool.consumer(name).pendingRecords)),
      lag_seconds: Math.max(0, ...lags) / 1000,
      dead_letters: deadLetters.count,
      dropped_records: priorities.reduce((sum, priority) => sum + spool.dropped[priority], 0),
    };
    return sinkDocument({ instanceId: settings.instanceId, bootId, sequence: this.#sequence, state }, context);
  }
}
