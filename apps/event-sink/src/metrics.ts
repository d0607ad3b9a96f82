import { Counter, Gauge, type Registry } from 'prom-client';

/** All metrics of the sink, on /metrics. */
export interface SinkMetrics {
  readonly received: Counter<'input' | 'stream'>;
  readonly refused: Counter<'reason' | 'priority'>;
  readonly dropped: Counter<'priority'>;
  readonly delivered: Counter<'output'>;
  readonly duplicates: Counter<'output'>;
  readonly deadLetters: Counter<'output' | 'reason'>;
  readonly retries: Counter<'output' | 'reason'>;
  readonly damaged: Counter<'output'>;
  readonly spoolBytes: Gauge<'priority'>;
  readonly pending: Gauge<'output' | 'priority'>;
  readonly lagSeconds: Gauge<'output'>;
}

export function createSinkMetrics(registry: Registry): SinkMetrics {
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, labelNames: T[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = <T extends string>(name: string, help: string, labelNames: T[]) =>
    new Gauge({ name, help, labelNames, registers });
  return {
    received: counter('vigilia_sink_received_total', 'Documents spooled', ['input', 'stream']),
    refused: counter('vigilia_sink_refused_total', 'Documents that could not be spooled', ['reason', 'priority']),
    dropped: counter('vigilia_sink_dropped_total', 'Records deleted from a full spool before every output had them', [
      'priority',
    ]),
    delivered: counter('vigilia_sink_delivered_total', 'Documents stored by an output', ['output']),
    duplicates: counter('vigilia_sink_duplicates_total', 'Documents an output had already', ['output']),
    deadLetters: counter('vigilia_sink_dead_letters_total', 'Documents refused for good', ['output', 'reason']),
    retries: counter('vigilia_sink_retries_total', 'Requests or items tried again', ['output', 'reason']),
    damaged: counter('vigilia_sink_spool_damaged_total', 'Records lost in damaged stretches of the spool', ['output']),
    spoolBytes: gauge('vigilia_sink_spool_bytes', 'Size of the spool', ['priority']),
    pending: gauge('vigilia_sink_pending_records', 'Records an output has not acknowledged', ['output', 'priority']),
    lagSeconds: gauge('vigilia_sink_lag_seconds', 'Age of the oldest document an output has not stored', ['output']),
  };
}
