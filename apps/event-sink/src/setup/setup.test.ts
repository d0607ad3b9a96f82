import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { captureLogger } from '@vigilia/testing';
import { createClient } from '../elasticsearch/client.ts';
import type { SetupSettings } from '../settings/setup-settings.ts';
import { runSetup } from './run-setup.ts';
import { setupElasticsearch } from './setup.ts';
import { buildTemplates, MAPPING_HASH, type NamedTemplate } from './templates.ts';

const RETENTION = { events: 30, service: 30, metrics: 30, detections: 3, reports: 400 };
const EVENTS = 'logs-vigilia.events-home';
const CURRENT = { _meta: { vigilia: { hash: MAPPING_HASH } } };

/** What a server in use returns, and the requests it received. Everything is installed unless a test changes that. */
class PlayedElasticsearch {
  readonly done: string[] = [];
  installed: NamedTemplate[] = buildTemplates(RETENTION);
  retention: string | undefined = '30d';
  /** Mappings of the data stream's backing indices, oldest first. */
  mappings: object[] = [CURRENT];
  lifecycleAnswer = { status: 200, body: { acknowledged: true } as object };

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '');
    const isChange = request.method !== 'GET' && request.method !== 'HEAD';
    if (isChange) {
      this.done.push(`${request.method} ${path}`);
    }
    const { status, body } = isChange ? this.#change(path) : this.#answer(path);
    const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };
    request.resume().on('end', () => response.writeHead(status, headers).end(JSON.stringify(body)));
  };

  #change(path: string): { status: number; body: object } {
    return path.endsWith('/_lifecycle') ? this.lifecycleAnswer : { status: 200, body: { acknowledged: true } };
  }

  #answer(path: string): { status: number; body: object } {
    const [, kind, name] = path.split('/');
    const found = this.installed.find((template) => template.name === name)?.body;
    if (kind === '_component_template')
      return found === undefined
        ? { status: 404, body: {} }
        : { status: 200, body: { component_templates: [{ name, component_template: found }] } };
    if (kind === '_index_template')
      return found === undefined
        ? { status: 404, body: {} }
        : { status: 200, body: { index_templates: [{ name, index_template: found }] } };
    if (kind === '_data_stream') return { status: 200, body: { data_streams: this.#dataStreams(name ?? '') } };
    if (path.endsWith('/_mapping')) {
      const indices = this.mappings.map((mappings, n) => [`.ds-${EVENTS}-2026.03.01-00000${n + 1}`, { mappings }]);
      return { status: 200, body: Object.fromEntries(indices.reverse()) };
    }
    return { status: 200, body: {} };
  }

  #dataStreams(pattern: string): object[] {
    if (!EVENTS.startsWith(pattern.replace('*', ''))) return [];
    const lifecycle = this.retention === undefined ? {} : { lifecycle: { data_retention: this.retention } };
    return [{ name: EVENTS, indices: [], ...lifecycle }];
  }
}

describe('set-up that finds something half done', () => {
  let played: PlayedElasticsearch;
  let server: Server;
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = () => ({ elasticsearchUrl: url(), requestTimeoutMs: 5000 }) as SetupSettings;

  beforeEach(async () => {
    played = new PlayedElasticsearch();
    server = createServer(played.handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  async function setUp() {
    const client = createClient(settings());
    try {
      return (await setupElasticsearch(client, RETENTION)).filter(({ action }) => action !== 'unchanged');
    } finally {
      await client.close();
    }
  }

  it('changes nothing where all is as it should be', async () => {
    expect(await setUp()).toEqual([]);
    expect(played.done).toEqual([]);
  });

  it('rolls over a data stream whose write index has an older mapping, though every template is new: the last run died between', async () => {
    played.mappings = [CURRENT, { _meta: { vigilia: { hash: 'of another version' } } }];
    expect(await setUp()).toEqual([{ name: EVENTS, action: 'rolled_over' }]);
    expect(played.done).toEqual([`POST /${EVENTS}/_rollover`]);
    played.mappings = [{}, CURRENT];
    expect(await setUp()).toEqual([]);
  });

  it.each(['7d', undefined])('sets the retention of a data stream that keeps its documents for %s', async (kept) => {
    played.retention = kept;
    expect(await setUp()).toEqual([{ name: EVENTS, action: 'retention_set' }]);
    expect(played.done).toEqual([`PUT /_data_stream/${EVENTS}/_lifecycle`]);
  });

  it('leaves the data streams of a newer version alone', async () => {
    played.installed = played.installed.map((template) => ({
      ...template,
      body: { ...template.body, _meta: { ...template.body._meta, version: 99 } },
    }));
    [played.mappings, played.retention] = [[{}], '7d'];
    expect(new Set((await setUp()).map(({ action }) => action))).toEqual(new Set(['newer_left']));
    expect(played.done).toEqual([]);
  });

  it('a server without lifecycle is accepted; one that refuses the retention is reported with a warning', async () => {
    played.retention = '7d';
    played.lifecycleAnswer = { status: 400, body: { error: 'no handler found for uri [/_data_stream/x/_lifecycle]' } };
    expect(await setUp()).toEqual([{ name: EVENTS, action: 'not_supported' }]);

    const error = { type: 'illegal_argument_exception', reason: 'retention is over the global maximum' };
    played.lifecycleAnswer = { status: 400, body: { error } };
    const { logger, lines } = captureLogger();
    await runSetup(
      { ...settings(), eventDays: 30, retentionDays: 30, detectionDays: 3, reportDays: 400, waitSeconds: 5 },
      logger,
    );
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'WARN',
        event: 'setup_step',
        action: 'retention_refused',
        reason: expect.stringContaining('over the global maximum'),
      }),
    );
  });
});
