import type { BulkSender } from '../elasticsearch/client.ts';
import { type Stream, streamNames } from '../schema/data-streams.ts';
import { outcomesOf } from './bulk-answer.ts';

/** The id of the probe: a data stream holds at most one per backing index, however often the sink asks. */
const PROBE_ID = 'vigilia-event-sink-probe';

/**
 * Returns whether Elasticsearch takes a document for this stream at all. It sends one that nothing can be wrong with: where that is stored
 * (or was stored before), a document that was refused is itself at fault; where it is refused too, the stream or the server is.
 */
export async function takesDocuments(
  sender: BulkSender,
  stream: Stream,
  namespace: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const action = { create: { _index: `${streamNames[stream]}-${namespace}`, _id: PROBE_ID } };
  const document = {
    '@timestamp': new Date(nowMs).toISOString(),
    event: { id: PROBE_ID, kind: 'pipeline_error', action: 'event_sink_probe', module: 'vigilia' },
    message: 'The event sink checked whether this data stream takes documents.',
  };
  try {
    const [outcome] = outcomesOf(await sender.bulk([JSON.stringify(action), JSON.stringify(document)], signal), 1);
    return outcome?.kind === 'stored' || outcome?.kind === 'duplicate';
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
