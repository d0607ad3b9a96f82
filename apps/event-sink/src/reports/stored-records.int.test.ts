import { createTopics } from '@vigilia/protocol';
import { computeReport } from '@vigilia/reports';
import { readRecords } from '@vigilia/reports/files';
import { systemClock } from '@vigilia/service';
import { newYearTruth, Random, simulatedYear } from '@vigilia/simulated-site';
import {
  type Elasticsearch,
  requires,
  silentLogger,
  startElasticsearch,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { decodeDocument, type EncodedDocument, encodeDocument, type SinkDocument } from '../documents/document.ts';
import { type DocumentContext, localHourIn, makeDocument } from '../documents/ecs.ts';
import { messageDocuments, readMessage } from '../documents/message-documents.ts';
import { bulkSender, createClient, type ElasticsearchClient } from '../elasticsearch/client.ts';
import { DeadLetters } from '../output/dead-letters.ts';
import { ElasticsearchOutput } from '../output/elasticsearch-output.ts';
import { setupElasticsearch } from '../setup/setup.ts';
import { ReportStore } from './report-store.ts';
import { readElasticsearchRecords } from './stored-records.ts';

const days = 20;
const timeZone = 'Europe/Madrid';
/** 2026-05-01, 00:00 in Madrid. */
const startMs = Date.UTC(2026, 3, 30, 22);
const context = (): DocumentContext => {
  return { receivedAtMs: startMs + (days + 1) * 86_400_000, namespace: 'test', localHour: localHourIn(timeZone) };
};
const encoded = (documents: readonly SinkDocument[]): EncodedDocument[] =>
  documents.map((one) => decodeDocument(encodeDocument(one))).filter((one) => one !== undefined);

requires('elasticsearch')('reports from Elasticsearch', () => {
  let node: Elasticsearch;
  let folder: TempFolder;
  let client: ElasticsearchClient;

  beforeAll(async () => {
    [node, folder] = await Promise.all([startElasticsearch(), tempFolder('reports')]);
    client = createClient({
      elasticsearchUrl: node.url,
      requestTimeoutMs: 60_000,
      namespace: 'test',
    } as Parameters<typeof createClient>[0]);
    await setupElasticsearch(client, { events: 183, service: 30, metrics: 30, detections: 3, reports: 400 });
  });
  afterAll(async () => {
    await client?.close();
    await node?.stop();
    await folder?.remove();
  });

  it('are those of the files, although everything was delivered twice, and are kept for their own time', async () => {
    const deadLetters = new DeadLetters({ dir: folder.file('dead'), clock: systemClock });
    const output = new ElasticsearchOutput({
      sender: bulkSender(client),
      namespace: 'test',
      deadLetters,
      clock: systemClock,
      logger: silentLogger(),
    });
    const emitted: SinkDocument[] = [];
    const store = new ReportStore({
      dir: folder.file('records'),
      timeZone,
      keptDays: 400,
      logger: silentLogger(),
      context,
      emit: async (document) => void emitted.push(document),
    });
    const { signal } = new AbortController();
    for (const documents of yearDocuments()) {
      await store.deliver(documents);
      const incidents = documents.filter(({ stream }) => stream === 'reports');
      if (incidents.length > 0) {
        await output.deliver(incidents, signal);
      }
    }
    for (let time = 0; time < 2; time += 1) {
      await output.deliver(encoded(emitted), signal);
    }
    await client.indices.refresh({ index: 'logs-vigilia.reports-test' });
    const period = { from: '2026-05-01', to: '2026-05-19', nowMs: startMs };
    const stored = await readElasticsearchRecords(client, 'test', '2026-05-01');
    const filed = await readRecords(folder.file('records'), '2026-05-01', '2026-05-19');
    const fromFiles = computeReport(filed, period);
    expect(fromFiles.alarms.true).toBeGreaterThan(5);
    expect(computeReport(stored, period)).toEqual(fromFiles);
    const { data_streams: streams } = await client.indices.getDataStream({ name: 'logs-vigilia.reports-test' });
    expect(streams[0]?.lifecycle?.data_retention).toBe('400d');
  });
});

/** The documents of each day, as the sink makes them of messages and minutes. */
function* yearDocuments(): Iterable<EncodedDocument[]> {
  const { roots, incident: topicOf } = createTopics();
  const options = { rooms: [8, 9, 10, 11], startMs, days, incidentRate: 0.3, gapRate: 0.5 };
  for (const day of simulatedYear(new Random(5), options, newYearTruth())) {
    const incidents = day.incidents.flatMap((incident) => {
      const payload = Buffer.from(JSON.stringify(incident));
      const message = { topic: topicOf(incident.incident_id), payload, retain: true };
      return messageDocuments(message, readMessage(message, roots), context());
    });
    const minutes = day.minutes.map((minute) =>
      makeDocument(
        {
          id: `minute:${minute.sourceId}:${minute.startMs / 60_000}:boot`,
          stream: 'metrics',
          priority: 'normal',
          timeMs: minute.startMs,
          ecs: { event: { kind: 'metric', action: 'room_minute' } },
          own: {
            source_id: minute.sourceId,
            room_name: minute.roomName,
            ward: minute.ward,
            minute: {
              frames: minute.frames,
              observed_ms: minute.recordedMs,
              unwatched_by_cause: minute.gaps.unwatched,
              blind_by_cause: minute.gaps.blind,
            },
          },
        },
        context(),
      ),
    );
    yield encoded([...minutes, ...incidents]);
  }
}
