import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DASHBOARDS_DIR } from '../dashboards/write-files.ts';
import { importDashboards } from './import-dashboards.ts';
import { importRules } from './import-rules.ts';

interface Asked {
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

describe('what set-up sends to Kibana', () => {
  let server: Server;
  let asked: Asked[];
  let answer: { status: number; body: unknown };
  const kibanaUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  beforeEach(async () => {
    asked = [];
    answer = { status: 200, body: { success: true, successCount: 3 } };
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        asked.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('imports every dashboard over what is there, with the header Kibana insists on and the key', async () => {
    const imported = await importDashboards({ kibanaUrl: kibanaUrl(), dir: DASHBOARDS_DIR, apiKey: 'key' });
    expect(imported.map(({ objects }) => objects)).toEqual([3, 3, 3, 3]);
    for (const { url, headers, body } of asked) {
      expect(url).toBe('/api/saved_objects/_import?overwrite=true');
      expect(headers).toMatchObject({ 'kbn-xsrf': 'true', authorization: 'ApiKey key' });
      expect(body).toContain('"type":"dashboard"');
    }
  });

  it('creates the alert rules, and leaves one that is there to the residence', async () => {
    const options = { kibanaUrl: kibanaUrl(), dir: DASHBOARDS_DIR, username: 'u', password: 'p' };
    expect((await importRules(options)).map(({ action }) => action)).toEqual(['created', 'created', 'created']);
    expect(asked[0]).toMatchObject({
      url: '/api/alerting/rule/vigilia-sink-silent',
      headers: { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` },
    });
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({ rule_type_id: '.es-query', consumer: 'stackAlerts' });
    answer = { status: 409, body: {} };
    expect((await importRules(options)).map(({ action }) => action)).toEqual(['unchanged', 'unchanged', 'unchanged']);
  });

  it('reports what Kibana refused, and that it does not answer', async () => {
    answer = { status: 200, body: { success: false, errors: [{ id: 'vigilia-falls', error: { type: 'conflict' } }] } };
    await expect(importDashboards({ kibanaUrl: kibanaUrl(), dir: DASHBOARDS_DIR })).rejects.toThrow(
      /Kibana refused .*\.ndjson \(status 200\): .*conflict/,
    );
    await expect(importDashboards({ kibanaUrl: 'http://127.0.0.1:9', dir: DASHBOARDS_DIR })).rejects.toMatchObject({
      code: 'kibana_refused',
    });
    await expect(importDashboards({ kibanaUrl: kibanaUrl(), dir: '/nowhere' })).rejects.toMatchObject({
      code: 'dashboards_missing',
    });
  });
});
