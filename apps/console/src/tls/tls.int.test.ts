import { X509Certificate } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { captureLogger, requires, type TempFolder, tempFolder } from '@vigilia/testing';
import { main } from '../main.ts';
import { startBrowser } from '../test-support/browser.ts';
import { buildPage, type RunningConsole, startConsole } from '../test-support/start-console.ts';
import { certificateReport } from './certificate-report.ts';
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
    for (const key of ['authority.key', 'server.key']) {
      expect((await stat(folder.file(key))).mode & 0o777).toBe(0o600);
    }
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

  test('come from a new authority when the old one has expired, and the command names the devices as what is left to do', async () => {
    await create({ nowMs: Date.now() - 3700 * dayMs });
    const old = await read('authority.pem');
    const result = await create();
    expect(result).toMatchObject({ outcome: 'created', authorityCreated: true });
    expect(await read('authority.pem')).not.toBe(old);
    expect(
      new X509Certificate(await read('server.pem')).verify(new X509Certificate(await read('authority.pem')).publicKey),
    ).toBe(true);
    expect(certificateReport(result, { dir: 'tls', authorityDir: 'authority', names, nowMs: Date.now() })).toEqual([
      expect.stringContaining('valid until'),
      expect.stringMatching(/^The authority expired on 20.*authority\.pem on each device/),
    ]);
  });

  test('keep an authority that ends within a year, report what to do, and get a new one on request', async () => {
    const nowMs = Date.now() + 3400 * dayMs;
    await create();
    const [old, kept] = [await read('authority.pem'), await create({ nowMs })];
    expect(kept).toMatchObject({ outcome: 'created', authorityCreated: false });
    expect(await read('authority.pem')).toBe(old);
    expect(certificateReport(kept, { dir: 'tls', authorityDir: 'tls', names, nowMs }).at(-1)).toMatch(
      /^The authority ends on 20.*devices refuse the page.*--renew-authority.*authority\.pem on each device/,
    );
    expect(await create({ nowMs, renewAuthority: true })).toMatchObject({ outcome: 'created', authorityCreated: true });
    expect(await create({ nowMs })).toMatchObject({ outcome: 'kept', authorityCreated: false });
  });

  test.each([
    [3400, 'console_authority_ends', /authority.*devices refuse the page.*--renew-authority/],
    [3700, 'console_authority_ends', /authority.*expired.*create-certificate/],
    [420, 'console_certificate', /certificate of the page has expired.*create-certificate/],
    [380, 'console_certificate', /certificate of the page ends soon.*create-certificate/],
  ])('are checked when the console starts, %d days after they were made: %s', async (days, event, text) => {
    await writeFile(folder.file('index.html'), '<title>page</title>');
    const nowMs = Date.now();
    await create({ authorityDir: folder.file('authority'), nowMs: nowMs - days * dayMs });
    if (days > 3000 && days < 3650) {
      await create({ authorityDir: folder.file('authority'), nowMs });
    }
    const { logger, lines } = captureLogger();
    const args = ['--no-auth', '--tls-dir', folder.path, '--mqtt-url', 'mqtt://127.0.0.1:1'];
    const running = await startConsole(args, folder.path, logger);
    await running.stop();
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 'WARN', event, message: expect.stringMatching(text) }),
    );
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
