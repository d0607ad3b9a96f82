import type { SinkDocument } from './document.ts';
import { type DocumentContext, makeDocument } from './ecs.ts';
import { givenId } from './ids.ts';

/** The sink's own state; counters are totals since its start. */
interface SinkState {
  readonly spool_bytes: number;
  readonly spool_used_percent: number;
  readonly pending_records: number;
  readonly lag_seconds: number;
  readonly dead_letters: number;
  readonly dropped_records: number;
}

export interface SinkReport {
  readonly instanceId: string;
  readonly bootId: string;
  readonly sequence: number;
  readonly state: SinkState;
}

/** What dashboards and the alert on a silent sink read. */
export function sinkDocument(report: SinkReport, context: DocumentContext): SinkDocument {
  const { instanceId, bootId, sequence, state } = report;
  return makeDocument(
    {
      id: givenId('sink', `sink:${instanceId}:${bootId}:${sequence}`),
      stream: 'metrics',
      priority: 'normal',
      timeMs: undefined,
      ecs: {
        event: { kind: 'metric', action: 'sink_metrics' },
        service: { name: 'event-sink', node: { name: instanceId } },
      },
      own: { instance_id: instanceId, boot_id: bootId, sink: state },
    },
    context,
  );
}
