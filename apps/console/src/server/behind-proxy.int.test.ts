import { writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requires, startMosquitto, tempFolder } from '@vigilia/testing';
import { codeOf, consoleClient } from '../test-support/ask-console.ts';
import { type RunningConsole, startConsole } from '../test-support/start-console.ts';
import { writeUser } from './auth/account-changes.ts';

const password = 'a long password';

/** What nginx does with `location /house/ { proxy_pass http://console/; }`: takes the path off, passes on who asked and how. */
async function startProxy(target: string): Promise<{ url: string; server: Server }> {
  const server = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? '/').replace(/^\/house\//, '/');
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '10.0.0.1', ...incoming.headers };
    const onward = request(new URL(path, target), { method: incoming.method ?? 'GET', headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    outgoing.once('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/house/` };
}

requires('mosquitto')('the console behind a reverse proxy that ends TLS and takes the path off', () => {
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let running: RunningConsole;
  let proxy: Awaited<ReturnType<typeof startProxy>>;

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startMosquitto(), tempFolder('console')]);
    await writeFile(folder.file('index.html'), '<title>page</title>');
    const users = folder.file('users.json');
    await writeUser(users, { name: 'ana', display_name: 'Ana Ruiz', role: 'nurse' }, password);
    const args = ['--users-file', users, '--mqtt-url', broker.url, '--trust-proxy', 'loopback'];
    running = await startConsole(args, folder.path);
    proxy = await startProxy(running.url);
  });
  afterAll(async () => {
    await running?.stop();
    proxy?.server.closeAllConnections();
    await new Promise((resolve) => proxy?.server.close(resolve));
    await broker?.stop();
    await folder?.remove();
  });

  const direct = consoleClient(() => running.url);
  const proxied = consoleClient(() => proxy.url);
  const cookieOf = (response: Response): string => response.headers.get('set-cookie') ?? '';

  it('is there with its page, its sign-in and its live stream', async () => {
    expect(await (await fetch(proxy.url)).text()).toContain('<title>page');
    const { cookie } = await proxied.signIn('ana', password);
    const live = await fetch(`${proxy.url}api/live`, { headers: { cookie } });
    const reader = live.body?.getReader();
    let text = '';
    while (!text.includes('event: house')) {
      text += new TextDecoder().decode((await reader?.read())?.value);
    }
    await reader?.cancel();
    expect(live.headers.get('content-type')).toContain('text/event-stream');
  });

  it('hands out cookies for TLS only; without one they are for this machine alone', async () => {
    const body = { name: 'ana', password };
    expect(cookieOf(await proxied.post('sign-in', body))).toMatch(/; Secure/);
    expect(cookieOf(await direct.post('sign-in', body))).not.toMatch(/; Secure/);
    const elsewhere = await direct.post('sign-in', body, {}, { 'x-forwarded-host': 'house.example.org' });
    expect(cookieOf(elsewhere)).toMatch(/; Secure/);
  });

  it('closes an account to the address that guesses at it, and not to its owner at another one', async () => {
    const from = (address: string, secret: string): Promise<Response> =>
      proxied.post('sign-in', { name: 'ana', password: secret }, {}, { 'x-forwarded-for': address });
    for (let n = 0; n < 10; n++) {
      expect(await codeOf(await from('10.0.0.66', `guess ${n}`))).toBe('wrong_password');
    }
    const closed = await from('10.0.0.66', password);
    expect([closed.status, await codeOf(closed)]).toEqual([429, 'account_blocked']);
    expect((await from('10.0.0.7', password)).status).toBe(200);
  });
});
