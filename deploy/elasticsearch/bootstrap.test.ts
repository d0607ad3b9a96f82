import { readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TempFolder, tempFolder } from '@vigilia/testing';
import { makePassword, makeUsers } from './bootstrap.mjs';

describe('the first start of Elasticsearch', () => {
  let folder: TempFolder;
  let server: Server;
  let asked: { path: string; authorization: string | undefined; body: string }[];

  beforeEach(async () => {
    folder = await tempFolder('bootstrap');
    asked = [];
    let refusals = 2;
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        asked.push({
          path: request.url ?? '',
          authorization: request.headers.authorization,
          body: Buffer.concat(chunks).toString(),
        });
        refusals -= 1;
        response
          .writeHead(refusals >= 0 ? 503 : 200, { 'content-type': 'application/json' })
          .end('{"encoded":"made-key"}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    await new Promise((resolve) => server.close(resolve));
    await folder.remove();
  });

  it('makes a password once, readable by its owner alone', async () => {
    makePassword(folder.file('password'));
    const made = await readFile(folder.file('password'), 'utf8');
    makePassword(folder.file('password'));
    expect(await readFile(folder.file('password'), 'utf8')).toBe(made);
    expect(made.length).toBeGreaterThanOrEqual(32);
    expect((await stat(folder.file('password'))).mode & 0o777).toBe(0o600);
  });

  it('waits for Elasticsearch, gives Kibana its password and the sink a key that may only add, and does nothing the second time', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await makeUsers({ url, password: 'pw', out: folder.path, waitMs: 10_000 });
    expect(await readFile(folder.file('sink/api-key'), 'utf8')).toBe('made-key');
    const kibana = asked.find(({ path }) => path.includes('kibana_system'));
    const { password } = JSON.parse(kibana?.body ?? '{}') as { password: string };
    expect(await readFile(folder.file('kibana/kibana.yml'), 'utf8')).toContain(`elasticsearch.password: "${password}"`);
    const key = asked.find(({ path }) => path === '/_security/api_key');
    const roles = (
      JSON.parse(key?.body ?? '{}') as { role_descriptors: Record<string, { indices: { privileges: string[] }[] }> }
    ).role_descriptors;
    expect(Object.values(roles).flatMap(({ indices }) => indices.flatMap(({ privileges }) => privileges))).toEqual([
      'create_doc',
      'auto_configure',
    ]);
    expect(
      asked.every(({ authorization }) => authorization === `Basic ${Buffer.from('elastic:pw').toString('base64')}`),
    ).toBe(true);
    const before = asked.length;
    await makeUsers({ url, password: 'pw', out: folder.path, waitMs: 10_000 });
    expect(asked.slice(before).map(({ path }) => path)).toEqual(['/_security/_authenticate']);
  });
});
