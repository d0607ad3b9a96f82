import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TempFolder, tempFolder } from '@vigilia/testing';
import { checkDocker } from './check-machine.ts';
import { checkElasticsearch } from './check-services.ts';

describe('the findings of the doctor about Elasticsearch', () => {
  let server: Server;
  let status = 200;
  let asked: (string | undefined)[] = [];
  let base: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(status).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  beforeEach(() => {
    asked = [];
  });

  it.each([
    [200, 'ok', undefined],
    [401, 'ok', undefined],
    [503, 'failed', 'log of the node'],
  ])('that answers %i: %s', async (answer, result, remedy) => {
    status = answer;
    const finding = await checkElasticsearch(`http://${base}`);
    expect(finding).toMatchObject({ result, detail: `${base} answers (HTTP ${answer})` });
    if (remedy === undefined) {
      expect(finding.remedy).toBeUndefined();
    } else {
      expect(finding.remedy).toContain(remedy);
    }
  });

  it('whose address contains a password: it is neither shown nor sent', async () => {
    status = 200;
    const finding = await checkElasticsearch(`http://elastic:s3cret@${base}`);
    expect(finding.result).toBe('ok');
    expect(JSON.stringify(finding)).not.toContain('s3cret');
    expect(asked).toEqual([undefined]);
  });

  it('that is not there, by name and with the reason', async () => {
    const finding = await checkElasticsearch('http://elastic:s3cret@127.0.0.1:1');
    expect(finding).toMatchObject({ result: 'failed', remedy: expect.stringContaining('ELASTICSEARCH_URL') });
    expect(finding.detail).toMatch(/^127\.0\.0\.1:1 does not answer: ./);
    expect(JSON.stringify(finding)).not.toContain('s3cret');
  });

  it('name the form of an address where it is not one', async () => {
    const finding = await checkElasticsearch('elastic:9200 and more');
    expect(finding).toMatchObject({ result: 'failed', remedy: expect.stringContaining('http(s)://host:9200') });
  });

  it('skip it where it is not configured', async () => {
    expect(await checkElasticsearch(undefined)).toMatchObject({ result: 'skipped' });
  });
});

describe('the findings of the doctor about Docker', () => {
  let folder: TempFolder;

  beforeEach(async () => {
    folder = await tempFolder('doctor');
  });

  afterEach(() => folder.remove());

  async function dockerSays(script: string): Promise<void> {
    await writeFile(folder.file('docker'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  it.each<[string, string | undefined, string, string, string | undefined]>([
    ['an engine', 'echo 28.2.2', 'ok', 'engine 28.2.2', undefined],
    ['an engine that is stopped', 'echo "Cannot connect to it" >&2; exit 1', 'skipped', 'no engine', 'systemctl'],
    ['an engine for others', 'echo "permission denied" >&2; exit 1', 'warning', 'refuses this user', 'group docker'],
    ['no docker at all', undefined, 'skipped', 'not installed', 'Install docker'],
  ])('%s', async (_, script, result, detail, remedy) => {
    if (script !== undefined) {
      await dockerSays(script);
    }
    const finding = await checkDocker({ PATH: folder.path });
    expect(finding).toMatchObject({ result, detail: expect.stringContaining(detail) });
    if (remedy === undefined) {
      expect(finding.remedy).toBeUndefined();
    } else {
      expect(finding.remedy).toContain(remedy);
    }
  });
});
