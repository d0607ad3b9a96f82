import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { requires, type TempFolder, tempFolder } from '@vigilia/testing';
import { checkElasticsearchSettings, type ElasticsearchSettings } from '../settings/elasticsearch-settings.ts';
import { createClient } from './client.ts';

const settings = (more: Partial<ElasticsearchSettings>): ElasticsearchSettings =>
  ({ requestTimeoutMs: 5000, namespace: 'default', logLevel: 'info', ...more }) as ElasticsearchSettings;

describe('who the sink is at Elasticsearch', () => {
  let folder: TempFolder;
  let server: Server;
  let authorization: string | undefined;
  const answer: RequestListener = (request, response) => {
    authorization = request.headers.authorization;
    response.writeHead(200, { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' }).end('{}');
  };

  beforeEach(async () => {
    folder = await tempFolder('client');
    authorization = undefined;
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    await folder.remove();
  });

  async function listen(made: Server, scheme: string): Promise<string> {
    server = made;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function ask(more: Partial<ElasticsearchSettings>): Promise<void> {
    const client = createClient(settings(more));
    try {
      await client.info();
    } finally {
      await client.close();
    }
  }

  it('an API key, or a user and a password', async () => {
    const elasticsearchUrl = await listen(createHttp(answer), 'http');
    await ask({ elasticsearchUrl, apiKey: 'encoded-key' });
    expect(authorization).toBe('ApiKey encoded-key');
    await ask({ elasticsearchUrl, username: 'sink', password: 'pw' });
    expect(authorization).toBe(`Basic ${Buffer.from('sink:pw').toString('base64')}`);
  });

  requires('openssl')('trusts one’s own authority', () => {
    it('by its file, and no other one', async () => {
      const [key, ca] = [folder.file('key.pem'), folder.file('ca.pem')];
      const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
      execFileSync(
        'openssl',
        ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', ca, '-days', '1', ...subject],
        { stdio: 'ignore' },
      );
      const elasticsearchUrl = await listen(
        createHttps({ key: readFileSync(key), cert: readFileSync(ca) }, answer),
        'https',
      );
      await ask({ elasticsearchUrl, caFile: ca, apiKey: 'k' });
      expect(authorization).toBe('ApiKey k');
      await expect(ask({ elasticsearchUrl })).rejects.toThrow(/self-signed certificate/);
      expect(() => createClient(settings({ elasticsearchUrl, caFile: folder.file('missing.pem') }))).toThrow(
        /ELASTICSEARCH_CA_FILE .* cannot be read \(ENOENT\)/,
      );
    });
  });

  it('finds its cluster by a cloud id', async () => {
    await listen(createHttp(answer), 'http');
    const cloudId = `home:${Buffer.from('example.test$cluster$kibana').toString('base64')}`;
    const client = createClient(settings({ cloudId, apiKey: 'k' }));
    expect(client.connectionPool.connections.map(({ url }) => url.href)).toEqual(['https://cluster.example.test/']);
    await client.close();
  });

  it('refuses what contradicts itself, all of it at once', async () => {
    await listen(createHttp(answer), 'http');
    const wrong = settings({ elasticsearchUrl: 'http://u:p@localhost', cloudId: 'x', apiKey: 'k', password: 'p' });
    expect(() => checkElasticsearchSettings(wrong)).toThrow(
      /CLOUD_ID exclude.*PASSWORD exclude.*belong together.*must not hold credentials/s,
    );
  });
});
