import { createTopics } from '@vigilia/protocol';
import { type Happening, newTruth, Random, simulatedDay, type Truth } from '@vigilia/simulated-site';
import type { SinkDocument } from '../documents/document.ts';
import { type DocumentContext, localHourIn } from '../documents/ecs.ts';
import { logDocument } from '../documents/log-document.ts';
import { messageDocuments, readMessage } from '../documents/message-documents.ts';
import { sinkDocument } from '../documents/sink-document.ts';
import { TraceRegistry } from '../documents/trace-registry.ts';
import { RoomMinutes } from '../rollup/room-minutes.ts';

export interface SimulateOptions {
  readonly seed: number;
  readonly days: number;
  /** Midnight of the first day, epoch ms. */
  readonly startMs: number;
  readonly namespace: string;
  readonly timeZone: string;
}

const DAY_MS = 86_400_000;
const TICK_MS = 5000;
const { roots } = createTopics();

/**
 * Days of a residence as the sink would have recorded them: the messages go through the sink's own mapping and minutes. What really happened
 * is left in `truth`, complete once the documents are taken.
 */
export function simulate(options: SimulateOptions): {
  readonly truth: Truth;
  readonly documents: Iterable<SinkDocument>;
} {
  const truth = newTruth();
  return { truth, documents: documentsOf(options, truth) };
}

function* documentsOf(options: SimulateOptions, truth: Truth): Iterable<SinkDocument> {
  const { days, startMs, namespace, timeZone } = options;
  const random = new Random(options.seed);
  const minutes = new RoomMinutes('simulated');
  const traces = new TraceRegistry();
  const localHour = localHourIn(timeZone);
  const contextAt = (atMs: number): DocumentContext => ({ receivedAtMs: atMs, namespace, localHour, traces });
  const moment = (atMs: number) => ({ wallMs: atMs, monotonicMs: atMs - startMs });
  let tickMs = startMs;
  for (let day = 0; day < days; day += 1) {
    for (const happening of simulatedDay(random, startMs + day * DAY_MS, truth)) {
      for (; tickMs <= happening.atMs; tickMs += TICK_MS) {
        yield* minutes.tick(moment(tickMs), contextAt(tickMs));
      }
      yield* told(happening, { minutes, traces }, contextAt(happening.atMs), moment(happening.atMs));
    }
  }
  const endMs = startMs + days * DAY_MS;
  yield* minutes.tick(moment(endMs), contextAt(endMs));
}

function told(
  happening: Happening,
  observers: { readonly minutes: RoomMinutes; readonly traces: TraceRegistry },
  context: DocumentContext,
  at: Parameters<RoomMinutes['tick']>[0],
): SinkDocument[] {
  if (happening.kind === 'log') return [logDocument(happening.line, context)];
  if (happening.kind === 'sink')
    return [
      sinkDocument(
        { instanceId: 'event-sink', bootId: 'simulated', sequence: happening.atMs, state: happening.state },
        context,
      ),
    ];
  const message = { topic: happening.topic, payload: Buffer.from(JSON.stringify(happening.payload)), retain: false };
  const reading = readMessage(message, roots);
  if (reading.kind === 'read') {
    observers.minutes.observe(reading.parsed, reading.payload, at);
    observers.traces.observe(reading.parsed, reading.payload);
  }
  return messageDocuments(message, reading, context);
}
