import { X509Certificate } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { requires, type TempFolder, tempFolder } from '@vigilia/testing';
import { main } from '../main.ts';
import { startBrowser } from '../test-support/browser.ts';
import { buildPage, type RunningConsole, startConsole } from '../test-support/start-console.ts';
import { createCertificate } from './certificates.ts';
import { readServerCertificate } from './read-certificate.ts';

const names = ['localhost', 'vigilia.lan', '127.0.0.1'];
const dayMs = 86_400_000;

describe('the certificates of a network without internet', () => {
  let folder: TempFolder;
  beforeEach(async () => {
    folder = await tempFolder('tls');
  });
  afterEach(() => folder.remove());
  const create = (change: Partial<Parameters<typeof createCertificate>[0]> = {}) =>
    createCertificate({ dir: folder.path, authorityDir: folder.path, names, nowMs: Date.now(), ...change });
  const read = (name: string): Promise<string> => readFile(folder.file(name), 'utf8');

  test('are signed by an authority that signs nothing but servers, with keys that only their owner reads', async () => {
    expect(await create()).toMatchObject({ outcome: 'created', authorityCreated: true });
    const [authority, server] = [
      new X509Certificate(await read('authority.pem')),
      new X509Certificate(await read('server.pem')),
    ];
    expect(server.verify(authority.publicKey)).toBe(true);
    expect([authority.ca, server.ca]).toEqual([true, false]);
    expect(names.slice(0, 2).map((name) => server.checkHost(name))).toEqual(names.slice(0, 2));
    expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(server.checkHost('other.lan')).toBeUndefined();
    for (const key of ['authority.key', 'server.key']) expect((await stat(folder.file(key))).mode & 0o777).toBe(0o600);
  });

  test('are kept as long as they fit, and renewed by the same authority, so that no phone needs a new one', async () => {
    await create();
    const [authority, server] = [await read('authority.pem'), await read('server.pem')];
    expect(await create()).toMatchObject({ outcome: 'kept' });
    expect(await read('server.pem')).toBe(server);
    const later = await create({ nowMs: Date.now() + 370 * dayMs });
    expect(later).toMatchObject({ outcome: 'created', authorityCreated: false });
    expect(await create({ names: ['new.lan'] })).toMatchObject({ outcome: 'created', authorityCreated: false });
    expect(new X509Certificate(await read('server.pem')).checkHost('new.lan')).toBe('new.lan');
    expect(await read('authority.pem')).toBe(authority);
  });

  test('are made again when the key is missing or belongs to another certificate, as after an interrupted run', async () => {
    await create();
    await rm(folder.file('server.key'));
    expect(await create()).toMatchObject({ outcome: 'created', authorityCreated: false });
    await writeFile(folder.file('server.key'), await read('authority.key'));
    await expect(readServerCertificate(folder.path)).rejects.toMatchObject({
      code: 'tls_files_invalid',
      remedy: expect.stringContaining('create-certificate'),
    });
    expect(await create()).toMatchObject({ outcome: 'created' });
    await readServerCertificate(folder.path);
  });
});

requires('chromium', 'certutil')('the page over TLS', () => {
  let folder: TempFolder;
  let page: Awaited<ReturnType<typeof buildPage>>;
  let running: RunningConsole;

  beforeAll(async () => {
    folder = await tempFolder('tls');
    await main(['create-certificate', '--dir', folder.path, '--names', names.join(',')], {});
    page = await buildPage();
    running = await startConsole(['--no-auth', '--tls-dir', folder.path, '--mqtt-url', 'mqtt://127.0.0.1:1'], page.dir);
  });
  afterAll(async () => {
    await running?.stop();
    await page?.remove();
    await folder?.remove();
  });

  test('Node.js accepts it when the authority is trusted, and refuses it otherwise', async () => {
    const ca = await readFile(folder.file('authority.pem'), 'utf8');
    expect(running.url).toMatch(/^https:/);
    expect(await statusOf(running.url, ca)).toBe(200);
    await expect(statusOf(running.url, undefined)).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  test('Chromium accepts it when the authority is trusted, so that it has service workers and notifications', async () => {
    const url = running.url.replace('127.0.0.1', 'localhost');
    const [trusting, strict] = [await startBrowser(folder.file('authority.pem')), await startBrowser()];
    try {
      await expect(strict.open(url)).rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/);
      const window = await trusting.open(url);
      expect(await window.evaluate('isSecureContext && "PushManager" in window')).toBe(true);
      const scope = await window.evaluate('navigator.serviceWorker.ready.then((worker) => worker.scope)');
      expect(scope).toBe(url);
    } finally {
      await Promise.all([trusting.stop(), strict.stop()]);
    }
  });

  test('a folder without a certificate ends the start with what to do', async () => {
    const empty = startConsole(
      ['--no-auth', '--tls-dir', `${folder.path}/none`, '--mqtt-url', 'mqtt://127.0.0.1:1'],
      page.dir,
    );
    await expect(empty).rejects.toMatchObject({
      code: 'tls_files_unreadable',
      remedy: expect.stringContaining('create-certificate'),
    });
  });
});

function statusOf(url: string, ca: string | undefined): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, ca === undefined ? {} : { ca }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject);
    asked.end();
  });
}
