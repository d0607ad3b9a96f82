import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createTopics } from '@vigilia/protocol';
import { createBackoff, systemClock } from '@vigilia/service';
import {
  type Elasticsearch,
  eventually,
  requires,
  silentLogger,
  startElasticsearch,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { decodeDocument, type EncodedDocument, encodeDocument } from '../documents/document.ts';
import { localHourIn } from '../documents/ecs.ts';
import { logDocument } from '../documents/log-document.ts';
import { messageDocuments, readMessage } from '../documents/message-documents.ts';
import { bulkSender, createClient } from '../elasticsearch/client.ts';
import { streams } from '../schema/data-streams.ts';
import { setupElasticsearch } from '../setup/setup.ts';
import { buildTemplates } from '../setup/templates.ts';
import { Counting } from '../test-support/counting.ts';
import { type Fault, type FaultProxy, startFaultProxy } from '../test-support/fault-proxy.ts';
import { received, sampleMessages } from '../test-support/sample-messages.ts';
import { DeadLetters } from './dead-letters.ts';
import { ElasticsearchOutput } from './elasticsearch-output.ts';
import { redeliver } from './redeliver.ts';

const RETENTION = { events: 30, service: 30, metrics: 30, detections: 3, reports: 400 };
const signal = new AbortController().signal;
const context = { receivedAtMs: Date.UTC(2026, 2, 1, 12), namespace: 'test', localHour: localHourIn('UTC') };

function encoded(documents: Parameters<typeof encodeDocument>[0][]): EncodedDocument[] {
  return documents
    .map((document) => decodeDocument(encodeDocument(document)))
    .filter((document) => document !== undefined);
}
const samples = encoded(
  Object.values(sampleMessages).flatMap((message) => {
    const one = received(message);
    return messageDocuments(one, readMessage(one, createTopics().roots), context);
  }),
);
function events(prefix: string, count: number): EncodedDocument[] {
  return Array.from({ length: count }, (_, n) => {
    const id = `${prefix}-${n}`;
    return {
      id,
      stream: 'events',
      json: JSON.stringify({
        '@timestamp': new Date(context.receivedAtMs + n).toISOString(),
        event: { id },
        labels: { run: prefix },
      }),
    };
  });
}

requires('elasticsearch')('Elasticsearch, a real node', () => {
  let node: Elasticsearch;
  let folder: TempFolder;
  let proxy: FaultProxy;
  let counting: Counting;

  beforeAll(async () => {
    node = await startElasticsearch();
    proxy = await startFaultProxy(node.url);
    counting = new Counting(node.url, 'test');
    await setupElasticsearch(counting.client, RETENTION);
  });
  afterAll(async () => {
    await proxy?.stop();
    await counting?.client.close();
    await node?.stop();
  });
  beforeEach(async () => {
    folder = await tempFolder('dead');
    proxy.fault = () => undefined;
    proxy.bulks.length = 0;
  });
  afterEach(() => folder.remove());

  function outputThrough(url: string, requestTimeoutMs = 60_000) {
    const client = createClient({
      elasticsearchUrl: url,
      requestTimeoutMs,
      namespace: 'test',
      logLevel: 'info',
    } as Parameters<typeof createClient>[0]);
    const deadLetters = new DeadLetters({ dir: folder.path, clock: systemClock });
    const backoff = createBackoff({ minMs: 50, maxMs: 400, jitter: 0.5 });
    return new ElasticsearchOutput({
      sender: bulkSender(client),
      namespace: 'test',
      deadLetters,
      clock: systemClock,
      logger: silentLogger(),
      backoff,
    });
  }

  async function deadReasons(): Promise<unknown[]> {
    const texts = await Promise.all((await readdir(folder.path)).map((name) => readFile(folder.file(name), 'utf8')));
    return texts.flatMap((text) =>
      text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { reason: unknown }).reason),
    );
  }

  it('takes every kind of document, once', async () => {
    const logs = encoded([
      logDocument(
        {
          text: '{"level":"INFO","logger":"vigilia.processor","event":"change_model_completed","old_model_id":"a","new_model_id":"b"}',
          origin: { kind: 'file', name: '/x.log', id: '1' },
          place: ['0'],
        },
        context,
      ),
      logDocument(
        {
          text: 'not json',
          origin: { kind: 'container', name: 'vigilia-x', id: 'c' },
          place: ['2026-01-01T00:00:00Z', '0'],
          timeMs: context.receivedAtMs,
        },
        context,
      ),
    ]);
    const all = [...samples, ...logs];
    const output = outputThrough(node.url);
    expect(await output.deliver(all, signal)).toEqual({ stored: all.length, duplicates: 0, dead: 0 });
    expect(await output.deliver(all, signal)).toEqual({ stored: 0, duplicates: all.length, dead: 0 });
    for (const stream of streams) {
      const ids = all.filter((document) => document.stream === stream).map(({ id }) => id);
      expect(await counting.count(stream, { terms: { 'event.id': ids } })).toBe(ids.length);
    }
    expect(await counting.count('service', { term: { 'labels.new_model_id': 'b' } })).toBe(1);
    expect(
      await counting.count('events', { range: { 'vigilia.durations_ms.fall_to_alarm': { gte: 22_000, lte: 22_000 } } }),
    ).toBe(1);
  });

  it.each([2 ** 40, -(2 ** 40), 1e300])(
    'takes every kind of message with %d in place of every number',
    async (huge) => {
      const withHuge = (_: string, value: unknown) => (typeof value === 'number' ? huge : value);
      const documents = encoded(
        Object.values(sampleMessages).flatMap((message) => {
          const { payload, ...rest } = received(message);
          const text = payload.toString();
          const changed = text.endsWith('}') ? JSON.stringify(JSON.parse(text), withHuge) : text;
          const one = { ...rest, payload: Buffer.from(changed) };
          return messageDocuments(one, readMessage(one, createTopics().roots), context);
        }),
      );
      const delivered = await outputThrough(node.url).deliver(documents, signal);
      expect({ ...delivered, dead: await deadReasons() }).toMatchObject({ dead: [] });
      expect(delivered.stored + delivered.duplicates).toBe(documents.length);
    },
  );

  it('puts a mapping conflict into the dead letters with its reason; repaired, it is delivered again', async () => {
    const [good] = events('good', 1);
    const bad = {
      id: 'bad-1',
      stream: 'events',
      json: '{"@timestamp":"2026-03-01T00:00:00Z","vigilia":{"source_id":"kitchen"}}',
    } as const;
    if (good === undefined) throw new Error('no event');
    expect(await outputThrough(node.url).deliver([bad, good], signal)).toEqual({ stored: 1, duplicates: 0, dead: 1 });
    const [file = ''] = await readdir(folder.path);
    const text = await readFile(folder.file(file), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      id: 'bad-1',
      reason: { type: 'document_parsing_exception', status: 400 },
    });
    await writeFile(folder.file(file), text.replace('"kitchen"', '3') + text.replace('bad-1', 'bad-2'));
    const result = await redeliver({ dir: folder.path, output: outputThrough(node.url), batchRecords: 10, signal });
    expect(result).toMatchObject({ files: 1, stored: 1, dead: 1, unreadable: 0 });
    expect(await counting.count('events', { term: { 'vigilia.source_id': 3 } })).toBeGreaterThan(0);
    expect((await readdir(folder.path)).length).toBe(1);
  });

  it('waits and does not make plain indices while set-up has not run', async () => {
    const [template] = buildTemplates(RETENTION).filter(({ name }) => name === 'metrics-vigilia');
    if (template === undefined) throw new Error('no template');
    await counting.client.indices.deleteDataStream({ name: 'metrics-vigilia-*' });
    await counting.client.indices.deleteIndexTemplate({ name: template.name });
    const output = outputThrough(node.url);
    const delivery = output.deliver(
      [{ id: 'early', stream: 'metrics', json: '{"@timestamp":"2026-03-01T00:00:00Z","event":{"id":"early"}}' }],
      signal,
    );
    await eventually(() => expect(output.failing?.reason).toBe('index_not_found_exception'));
    await setupElasticsearch(counting.client, RETENTION);
    expect(await delivery).toEqual({ stored: 1, duplicates: 0, dead: 0 });
  });

  describe('while the data stream itself takes nothing', () => {
    const closed = async (isClosed: boolean) => {
      const { data_streams: found } = await counting.client.indices.getDataStream({ name: 'logs-vigilia.events-test' });
      for (const { index_name: index } of found[0]?.indices ?? []) {
        if (isClosed) {
          await counting.client.indices.close({ index });
        } else {
          await counting.client.indices.open({ index, wait_for_active_shards: 1 });
        }
      }
    };
    const blocked = (isBlocked: boolean) =>
      counting.client.indices.putSettings({
        index: 'logs-vigilia.events-test',
        settings: { 'index.blocks.write': isBlocked },
      });
    it.each<[string, string, (isRefusing: boolean) => Promise<unknown>]>([
      ['a closed index', 'index_closed_exception', closed],
      ['a write block', 'cluster_block_exception', blocked],
    ])('keeps every document for later, also one that is wrong: %s', async (name, reason, setRefusing) => {
      const run = name.replaceAll(' ', '-');
      const json = '{"@timestamp":"2026-03-01T00:00:00Z","vigilia":{"source_id":"kitchen"}}';
      const documents: EncodedDocument[] = [...events(run, 3), { id: `${run}-wrong`, stream: 'events', json }];
      await outputThrough(node.url).deliver(events(`${run}-before`, 1), signal);
      const output = outputThrough(node.url);
      await setRefusing(true);
      const delivery = output.deliver(documents, signal);
      try {
        await eventually(() => expect(output.failing?.reason).toBe(reason));
        expect(await readdir(folder.path)).toEqual([]);
      } finally {
        await setRefusing(false);
      }
      expect(await delivery).toEqual({ stored: 3, duplicates: 0, dead: 1 });
      expect(output.failing).toBeUndefined();
      expect(await counting.count('events', { term: { 'labels.run': run } })).toBe(3);
    });
  });

  it('asks whether the data stream takes documents before it gives up one that came alone', async () => {
    const json = '{"@timestamp":"2026-03-01T00:00:00Z","vigilia":{"source_id":"kitchen"}}';
    for (const id of ['alone-1', 'alone-2']) {
      const delivered = await outputThrough(node.url).deliver([{ id, stream: 'events', json }], signal);
      expect(delivered).toEqual({ stored: 0, duplicates: 0, dead: 1 });
    }
    expect(await counting.count('events', { term: { 'event.action': 'event_sink_probe' } })).toBe(1);
  });

  describe('with faults between', () => {
    const faults: [name: string, faultOf: (index: number) => Fault | undefined, requests: number][] = [
      ['429 for the whole request', (index) => (index < 3 ? { kind: 'status', status: 429 } : undefined), 4],
      ['503', (index) => (index < 3 ? { kind: 'status', status: 503, body: '<html>' } : undefined), 4],
      ['half an answer', (index) => (index < 2 ? { kind: 'half_answer' } : undefined), 3],
      ['a cut connection after the work was done', (index) => (index < 2 ? { kind: 'cut' } : undefined), 3],
      ['an answer that comes too late', (index) => (index < 1 ? { kind: 'slow', ms: 1500 } : undefined), 2],
      [
        'another product behind the address',
        (index) =>
          index < 2
            ? { kind: 'status', status: 200, body: '{}', headers: { 'x-elastic-product': 'Other' } }
            : undefined,
        3,
      ],
    ];
    it.each(faults)(
      '%s: everything is there exactly once, with one request more for each that failed',
      async (name, faultOf, requests) => {
        proxy.fault = ({ index }) => faultOf(index);
        const documents = events(name.replaceAll(/\W/g, '-'), 50);
        const late = faultOf(0)?.kind === 'slow';
        const delivered = await outputThrough(proxy.url, late ? 1000 : undefined).deliver(documents, signal);
        expect(delivered.stored + delivered.duplicates).toBe(50);
        expect(await counting.count('events', { term: { 'labels.run': name.replaceAll(/\W/g, '-') } })).toBe(50);
        // where one answer may come too late, another may, too
        if (late) {
          expect(proxy.bulks.length).toBeGreaterThanOrEqual(requests);
        } else {
          expect(proxy.bulks.length).toBe(requests);
        }
      },
    );

    it('429 for single items: only those are sent again', async () => {
      proxy.fault = ({ index, body }) => {
        if (index > 0) return undefined;
        const items = Array.from({ length: body.split('\n').length >> 1 }, (_, n) => ({
          create:
            n % 5 === 0
              ? { status: 201 }
              : { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'queue' } },
        }));
        return { kind: 'status', status: 200, body: JSON.stringify({ errors: true, items }) };
      };
      expect(await outputThrough(proxy.url).deliver(events('items', 50), signal)).toEqual({
        stored: 50,
        duplicates: 0,
        dead: 0,
      });
      expect(proxy.bulks.map(({ lines }) => lines / 2)).toEqual([50, 40]);
    });

    it('413: splits down to the one document that is too large', async () => {
      const limit = 3000;
      proxy.fault = ({ body }) => (body.length > limit ? { kind: 'status', status: 413 } : undefined);
      const documents = events('split', 40);
      const huge = {
        id: 'huge',
        stream: 'events',
        json: JSON.stringify({ '@timestamp': '2026-03-01T00:00:00Z', message: 'x'.repeat(5000) }),
      } as const;
      documents.splice(17, 0, huge);
      expect(await outputThrough(proxy.url).deliver(documents, signal)).toEqual({ stored: 40, duplicates: 0, dead: 1 });
      expect(await counting.count('events', { term: { 'labels.run': 'split' } })).toBe(40);
    });

    it('a document that alone fails with 500 is given up after ten tries; the others do not wait for it', async () => {
      proxy.fault = ({ body }) => {
        const ids = [...body.matchAll(/"_id":"([^"]+)"/g)].map(([, id]) => id);
        const items = ids.map((id) => ({
          create: id === 'cursed-3' ? { status: 500, error: { type: 'npe', reason: 'boom' } } : { status: 201 },
        }));
        return { kind: 'status', status: 200, body: JSON.stringify({ errors: true, items }) };
      };
      expect(await outputThrough(proxy.url).deliver(events('cursed', 5), signal)).toEqual({
        stored: 4,
        duplicates: 0,
        dead: 1,
      });
      // ten tries and the question whether the data stream takes documents
      expect(proxy.bulks.length).toBe(11);
    });
  });
});
