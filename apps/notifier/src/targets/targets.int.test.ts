import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { systemClock } from '@vigilia/service';
import { freePort, requires, tempFolder } from '@vigilia/testing';
import { compose } from '../alerts/compose.ts';
import { buildTargets } from '../build-targets.ts';
import { alertsSchema } from '../config/alerts-schema.ts';
import type { TargetSecrets } from '../config/load-alerts.ts';
import { startConnectProxy } from '../test-support/connect-proxy.ts';
import { type HttpReceiver, startHttpReceiver } from '../test-support/http-receiver.ts';
import { type MailReceiver, startMailReceiver } from '../test-support/mail-receiver.ts';
import { testTargets } from '../test-targets.ts';
import { verify } from './sign.ts';
import type { Target } from './target.ts';

const fall = {
  key: 'inc-1',
  incidentId: 'inc-1',
  kind: 'fall' as const,
  openedMs: 0,
  happenedAt: '2026-01-01T10:02:00.000Z',
  sourceId: 2,
  roomName: 'Doña Úrsula',
};
const style = { language: 'es', timeZone: 'UTC', consoleUrl: 'https://house.example/' } as const;
const onMyWayUrl = 'https://house.example/on-my-way?token=a.b&lang=es';
const context = { nowMs: Date.parse('2026-01-01T10:05:00.000Z'), notified: ['y'], onMyWayUrl };
const message = compose(fall, 'raised', 'x', style, context);
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff]);
const picture = { png, small: png, description: 'Figura "esquemática"' };
const pictured = { ...compose(fall, 'replay', 'x', style, context), picture };

function configOf(settings: Record<string, unknown>, secrets: TargetSecrets = {}) {
  const file = alertsSchema.parse({
    targets: { x: { timeout_s: 100, ...settings } },
    rules: [{ severity: 'critical', to: ['x'] }],
  });
  return { file, secrets: { x: secrets } };
}
function targetOf(settings: Record<string, unknown>, secrets?: TargetSecrets): Target {
  const target = buildTargets(configOf(settings, secrets), systemClock).get('x');
  if (target === undefined) throw new Error('no target was built');
  return target;
}
/** Does something while HTTPS_PROXY names a proxy, and returns the tunnels that were requested of it. */
async function throughProxy(act: () => Promise<void>, options?: { refuse: number }): Promise<readonly string[]> {
  await using proxy = await startConnectProxy(options);
  process.env.HTTPS_PROXY = proxy.url;
  try {
    await act();
  } finally {
    delete process.env.HTTPS_PROXY;
  }
  return proxy.tunnels;
}
const send = (target: Target) => target.send(message, AbortSignal.timeout(100_000));

describe('over HTTP', () => {
  let server: HttpReceiver;
  beforeAll(async () => {
    server = await startHttpReceiver();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    server.answer = 200;
  });
  const webhook = () => targetOf({ type: 'webhook', url: `${server.url}hook`, secret_env: 'S' }, { secret: 'hush' });
  const ntfy = () => targetOf({ type: 'ntfy', server: server.url, topic: 'ward' }, { secret: 'tk_hush' });

  test('a webhook is signed over the very bytes, and names its message again when it is sent again', async () => {
    await send(webhook());
    await send(webhook());
    const [first, second] = server.requests.slice(-2);
    const timestamp = String(first?.headers['vigilia-timestamp']);
    const signature = String(first?.headers['vigilia-signature']);
    const nowS = Date.now() / 1000;
    expect(first?.path).toBe('/hook');
    expect(verify({ secret: 'hush', timestamp, body: first?.text ?? '', signature, nowS })).toBe(true);
    expect(first?.headers['idempotency-key']).toBe(message.id);
    expect(second?.headers['idempotency-key']).toBe(message.id);
    expect(first?.body).toMatchObject({
      kind: 'fall',
      step: 'raised',
      severity: 'critical',
      test: false,
      drill: false,
      title: 'Caída: Doña Úrsula (habitación 2)',
      source_id: 2,
      room_name: 'Doña Úrsula',
      happened_at: '2026-01-01T10:02:00.000Z',
      console_url: 'https://house.example/#/rooms/2',
      on_my_way_url: onMyWayUrl,
      on_floor_seconds: 180,
      notified: ['y'],
    });
  });

  test('ntfy gets topic, title, priority, link and token', async () => {
    await send(ntfy());
    const request = server.requests.at(-1);
    expect(request?.headers.authorization).toBe('Bearer tk_hush');
    expect(request?.body).toEqual({
      topic: 'ward',
      title: 'Caída: Doña Úrsula (habitación 2)',
      message: expect.stringContaining('10:02'),
      priority: 5,
      tags: ['rotating_light'],
      click: 'https://house.example/#/rooms/2',
      actions: [{ action: 'view', label: expect.any(String), url: onMyWayUrl, clear: true }],
      sequence_id: message.id,
    });
  });

  test('ntfy gets the picture of a fall as a file, with title and text that any phone can read', async () => {
    await ntfy().send(pictured, AbortSignal.timeout(100_000));
    const request = server.requests.at(-1);
    expect(request?.path).toBe('/ward');
    expect(request?.bytes.equals(png)).toBe(true);
    const decoded = (name: string): string => {
      const [, base64 = ''] = /^=\?UTF-8\?B\?(.*)\?=$/.exec(String(request?.headers[name])) ?? [];
      return Buffer.from(base64, 'base64').toString('utf8');
    };
    expect(decoded('x-title')).toBe('Esquema de la caída: Doña Úrsula (habitación 2)');
    expect(decoded('x-message')).toContain('10:02');
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer tk_hush',
      'x-filename': 'fall.png',
      'x-sequence-id': pictured.id,
      'x-click': 'https://house.example/#/rooms/2',
    });
  });

  test.each([400, 401, 404, 429, 500])(
    'a ntfy server that answers files with %i gets the text alone',
    async (answer) => {
      server.filesAnswer = answer;
      await ntfy().send(pictured, AbortSignal.timeout(100_000));
      server.filesAnswer = undefined;
      expect(server.requests.at(-1)?.body.title).toBe('Esquema de la caída: Doña Úrsula (habitación 2)');
    },
  );

  test('an alarm that carries a picture reaches ntfy as text: a file must not stop it', async () => {
    server.filesAnswer = 400;
    await ntfy().send({ ...message, picture }, AbortSignal.timeout(100_000));
    server.filesAnswer = undefined;
    expect(server.requests.at(-1)?.body.priority).toBe(5);
  });

  test('a webhook receives the alert without the picture, which it could not show', async () => {
    await webhook().send(pictured, AbortSignal.timeout(100_000));
    expect(Object.keys(server.requests.at(-1)?.body ?? {})).not.toContain('picture');
  });

  test.each([
    [401, 'unauthorized', /token/],
    [302, 'not_found', /address/],
    [404, 'not_found', /address/],
    [429, 'busy', /later/],
    [500, 'server_error', /log of that server/],
    [413, 'refused', /log of that server/],
  ])('an answer of %d is reported with its remedy and without the secret', async (status, code, remedy) => {
    server.answer = status;
    const error: unknown = await send(ntfy()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, remedy: expect.stringMatching(remedy) });
    expect(JSON.stringify(error) + String(error)).not.toMatch(/hush|127\.0\.0\.1/);
  });

  test('a server that is not there', async () => {
    const url = `http://127.0.0.1:${await freePort()}/token-in-the-path`;
    const error: unknown = await send(targetOf({ type: 'webhook', url, secret_env: 'S' }, { secret: 'hush' })).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'unreachable', message: expect.stringContaining('ECONNREFUSED') });
    expect(String(error)).not.toMatch(/token-in-the-path/);
  });

  test('the test of targets states clearly that it is one, and which failed', async () => {
    const config = configOf({ type: 'ntfy', server: server.url, topic: 'ward' });
    const run = (only?: string) =>
      testTargets(config, { only, clock: systemClock, signal: AbortSignal.timeout(100_000) });
    expect(await run()).toMatchObject([{ target: 'x', type: 'ntfy', ok: true }]);
    expect(server.requests.at(-1)?.body.title).toMatch(/^TEST/);
    server.answer = 403;
    expect(await run('x')).toMatchObject([{ ok: false, code: 'unauthorized', remedy: expect.any(String) }]);
    await expect(run('y')).rejects.toMatchObject({ code: 'unknown_target' });
  });
});

describe('by e-mail', () => {
  const from = { type: 'email', host: 'localhost', from: 'vigilia@house.example', to: ['a@x.example', 'b@x.example'] };
  const open: MailReceiver[] = [];
  const receiver = async (...options: Parameters<typeof startMailReceiver>) => {
    const server = await startMailReceiver(...options);
    open.push(server);
    return server;
  };
  afterAll(() => Promise.all(open.map((server) => server.stop())));

  test('a mail has its subject, its people, and an id by which a repetition is known', async () => {
    const server = await receiver();
    const target = targetOf({ ...from, port: server.port, security: 'none' });
    await send(target);
    await send(target);
    const [first, second] = server.mails;
    expect(first?.to).toEqual(['a@x.example', 'b@x.example']);
    expect(first?.headers['message-id']).toBe(`<${message.id}@house.example>`);
    expect(second?.headers['message-id']).toBe(first?.headers['message-id']);
    expect(first?.headers.references).toBe(`<${message.threadId}@house.example>`);
    expect(first?.headers['auto-submitted']).toBe('auto-generated');
    expect(first?.headers.importance).toMatch(/high/i);
    expect(first?.headers.subject).toMatch(/^=\?UTF-8\?/);
    expect(first?.text).toContain('https://house.example/#/rooms/2');
    expect(first?.text.replace(/=\r?\n/g, '').replaceAll('=3D', '=')).toContain(`\n${onMyWayUrl}`);
  });

  test('a mail shows the picture of a fall below its text, which plain mail programs show without it', async () => {
    const server = await receiver();
    await targetOf({ ...from, port: server.port, security: 'none' }).send(pictured, AbortSignal.timeout(100_000));
    const [mail] = server.mails;
    const text = mail?.text.replace(/=\r?\n/g, '').replaceAll('=3D', '=') ?? '';
    expect(mail?.headers['content-type']).toMatch(/^multipart\/alternative/);
    expect(text).toContain(`<img src="cid:picture-${pictured.id}@vigilia"`);
    expect(text).toContain(`Content-ID: <picture-${pictured.id}@vigilia>`);
    expect(text).toContain(png.toString('base64'));
    expect(text).toMatch(/Content-Disposition: inline/);
    expect(text).toContain('alt="Figura &quot;');
    expect(mail?.headers.references).toBe(`<${message.threadId}@house.example>`);
  });

  test('an alarm reaches a mail gateway as plain text: a file that the gateway refuses must not stop it', async () => {
    const server = await receiver();
    const target = targetOf({ ...from, port: server.port, security: 'none' });
    await target.send({ ...message, picture }, AbortSignal.timeout(100_000));
    expect(server.mails[0]?.headers['content-type']).toMatch(/^text\/plain/);
  });

  requires('openssl')('over STARTTLS', () => {
    test('with a user, whose password is right or wrong', async () => {
      await using folder = await tempFolder('mail');
      const args = '-x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
      execFileSync('openssl', ['req', ...args.split(' '), '-keyout', 'key.pem', '-out', 'cert.pem'], {
        cwd: folder.path,
        stdio: 'ignore',
      });
      const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(folder.file(name), 'utf8'));
      const server = await receiver({
        key,
        cert,
        disabledCommands: [],
        authOptional: false,
        onAuth: ({ username, password }, _session, done) =>
          password === 'hush' ? done(null, { user: username }) : done(new Error('no such user or password')),
      });
      const settings = { ...from, port: server.port, username: 'me', password_env: 'P' };
      await send(targetOf(settings, { secret: 'hush', ca: cert ?? '' }));
      expect(server.mails).toMatchObject([{ user: 'me', secure: true }]);
      await expect(send(targetOf(settings, { secret: 'wrong', ca: cert ?? '' }))).rejects.toMatchObject({
        code: 'unauthorized',
      });
      await expect(send(targetOf(settings, { secret: 'hush' }))).rejects.toMatchObject({ code: 'tls' });
      expect(server.mails).toHaveLength(1);
      const tunnels = await throughProxy(() => send(targetOf(settings, { secret: 'hush', ca: cert ?? '' })));
      expect(tunnels).toEqual([`localhost:${server.port}`]);
      expect(server.mails).toMatchObject([{}, { user: 'me', secure: true }]);
    });
  });

  test('nothing is sent in the open to a server without encryption, unless that is asked for', async () => {
    const server = await receiver();
    await expect(send(targetOf({ ...from, port: server.port }))).rejects.toMatchObject({ code: 'tls' });
    expect(server.mails).toEqual([]);
  });

  test('a mail that the proxy does not let through is reported with what to do, without addresses', async () => {
    const server = await receiver();
    const target = targetOf({ ...from, port: server.port, security: 'none' });
    const error: unknown = await throughProxy(() => send(target), { refuse: 403 }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'unreachable', remedy: expect.stringMatching(/NO_PROXY/) });
    expect(JSON.stringify(error) + String(error)).not.toMatch(/127\.0\.0\.1/);
    expect(server.mails).toEqual([]);
  });

  test('a server that is not there', async () => {
    const target = targetOf({ ...from, port: await freePort(), security: 'none' });
    await expect(send(target)).rejects.toMatchObject({ code: 'unreachable' });
  });
});
