import { randomUUID } from 'node:crypto';
import type { VigiliaEvent } from '@vigilia/protocol';
import type { Clock } from '@vigilia/service';
import type { Identity } from './identity.ts';

/** A room that had no result within the limit after a command has one again: how long it was without. */
export function commandGapEvent(options: {
  sourceId: number;
  gapMs: number;
  /** Of the command; one without a trace begins its own. */
  traceId: string | undefined;
  identity: Pick<Identity, 'instanceId'>;
  clock: Pick<Clock, 'now'>;
}): VigiliaEvent {
  return {
    event_id: randomUUID(),
    event: 'command_gap',
    source_id: options.sourceId,
    instance_id: options.identity.instanceId,
    timestamp: new Date(options.clock.now()).toISOString(),
    severity: 'warning',
    trace_id: options.traceId ?? randomUUID(),
    gap_ms: options.gapMs,
  };
}
