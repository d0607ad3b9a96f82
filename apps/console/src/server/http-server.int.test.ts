import { writeFile } from 'node:fs/promises';
import { askHealth, connectBus, eventually, freePort, requires, startMosquitto, tempFolder } from '@vigilia/testing';
import { codeOf, consoleClient, type Signed } from '../test-support/ask-console.ts';
import { FakeHouse } from '../test-support/fake-house.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { type RunningConsole, startConsole } from '../test-support/start-console.ts';
import { writeUser } from './auth/account-changes.ts';

const password = 'a long password';

requires('mosquitto')('the console’s web server', () => {
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let running: RunningConsole;
  let bus: Awaited<ReturnType<typeof connectBus>>;
  let house: FakeHouse;
  let healthPort: number;

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startMosquitto(), tempFolder('console')]);
    await writeFile(folder.file('index.html'), '<title>page</title>');
    healthPort = await freePort();
    const users = folder.file('users.json');
    for (const role of ['viewer', 'nurse', 'technician'] as const) {
      await writeUser(users, { name: role, display_name: role, role }, password);
    }
    const health = ['--health-port', String(healthPort)];
    running = await startConsole(['--users-file', users, '--mqtt-url', broker.url, ...health], folder.path);
    bus = await connectBus(broker.url);
    house = new FakeHouse(bus, fakeRooms(4));
    await house.start();
  });
  afterAll(async () => {
    house?.stop();
    await running?.stop();
    await bus?.stop();
    await broker?.stop();
    await folder?.remove();
  });

  const { post, signIn: signInWith } = consoleClient(() => running.url);
  const signIn = (name: string): Promise<Signed> => signInWith(name, password);

  it('reports that it lives and reaches the broker, on a port of its own, for programs that restart or display it', async () => {
    await eventually(async () => expect(await askHealth(healthPort)).toMatchObject({ healthz: 200, readyz: 200 }));
    expect((await askHealth(healthPort)).metrics).toMatch(/^vigilia_process_cpu_seconds_total\{service="console"/m);
  });

  it('answers no request for data without a sign-in', async () => {
    for (const path of ['api/live', 'api/commands']) {
      const response = await fetch(running.url + path);
      expect(response.status).toBe(401);
      expect(await codeOf(response)).toBe('signed_out');
    }
    expect((await post('orchestrator/acknowledge', { params: { source_id: 1 } })).status).toBe(401);
  });

  it('gives out a cookie that scripts and other sites cannot use, and lets the page load nothing from outside', async () => {
    const response = await post('sign-in', { name: 'viewer', password });
    expect(response.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/);
    const policy = (await fetch(running.url)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|http/);
  });

  it('takes a change only with the session’s token, and only from who may make it', async () => {
    const heard = house.heard.length;
    const nurse = await signIn('nurse');
    const other = await signIn('viewer');
    const body = { params: { source_id: 1 } };
    expect(await codeOf(await post('orchestrator/acknowledge', body, { cookie: nurse.cookie }))).toBe('wrong_token');
    const mixed = { cookie: nurse.cookie, csrfToken: other.csrfToken };
    expect(await codeOf(await post('orchestrator/acknowledge', body, mixed))).toBe('wrong_token');
    expect(await codeOf(await post('orchestrator/acknowledge', body, other))).toBe('not_allowed');
    expect(await codeOf(await post('orchestrator/drill', body, nurse))).toBe('not_allowed');
    expect(await codeOf(await post('commands', { command: 'pause' }, nurse))).toBe('not_allowed');
    expect(await codeOf(await post('rooms/1/zones', { zones: [] }, nurse))).toBe('not_allowed');
    expect(house.heard.length).toBe(heard);
    const taken = await post('orchestrator/acknowledge', { params: { source_id: 1, by: 'Another Person' } }, nurse);
    expect(await taken.json()).toMatchObject({ complete: true, answers: [{ from: 'orchestrator', ok: true }] });
    expect(house.heard.at(-1)).toMatchObject({ params: { by: 'nurse' } });
  });

  it.each(['drill', 'release'])('records who signed in as the person behind a %s', async (command) => {
    const technician = await signIn('technician');
    await post(`orchestrator/${command}`, { params: { source_id: 1 } }, technician);
    expect(house.heard.at(-1)).toMatchObject({ command, params: { source_id: 1, by: 'technician', via: 'page' } });
    await post(`orchestrator/${command}`, { params: { source_id: 1, by: 'Another Person' } }, technician);
    expect(house.heard.at(-1)).toMatchObject({ command, params: { by: 'technician' } });
  });

  it('checks commands against the protocol before they are sent, and names the field', async () => {
    const technician = await signIn('technician');
    const response = await post('commands', { command: 'set_fps', params: { max_fps: 99 } }, technician);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_params', field: 'max_fps' } });
    expect(await codeOf(await post('commands', { command: 'explode' }, technician))).toBe('unknown_command');
    const done = await post('commands', { command: 'set_fps', params: { max_fps: 1 } }, technician);
    expect(await done.json()).toMatchObject({ complete: true, answers: [{ ok: true }, { ok: true }] });
  });

  it('answers a request of 6 kB of nested brackets with 400 and a sentence, and keeps serving', async () => {
    const technician = await signIn('technician');
    const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);
    for (const path of ['sign-in', 'commands', 'orchestrator/acknowledge', 'rooms/1/zones']) {
      const response = await post(path, { command: 'set_fps', params: { a: nested(3000) } }, technician);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: { code: 'too_deep', message: expect.stringContaining('at most 32 levels of nesting') },
      });
    }
    const shallow = await post('commands', { command: 'set_fps', params: { a: nested(29) } }, technician);
    expect(await codeOf(shallow)).not.toBe('too_deep');
    const done = await post('commands', { command: 'set_fps', params: { max_fps: 1 } }, technician);
    expect(done.status).toBe(200);
  });

  it('keeps serving when 6 kB of nested brackets arrive as a command on the broker, and starts while one is retained', async () => {
    const technician = await signIn('technician');
    const brackets = `${'['.repeat(3000)}${']'.repeat(3000)}`;
    for (const topic of ['nvr/control/commands', 'nvr/orchestrator/commands']) {
      for (const text of [`{"command":"ping","command_id":"deep","params":{"a":${brackets}}}`, '['.repeat(6000)]) {
        await bus.publish(topic, text);
        await bus.publish(topic, text, { retain: true });
        const port = await freePort();
        const args = ['--no-auth', '--mqtt-url', broker.url, '--health-port', String(port)];
        const second = await startConsole(args, folder.path);
        await eventually(async () =>
          expect((await askHealth(port)).metrics).toMatch(/rejected_total.*too_deep|rejected_total.*retained/),
        );
        await second.stop();
        await bus.publish(topic, '', { retain: true });
      }
    }
    const done = await post('commands', { command: 'set_fps', params: { max_fps: 1 } }, technician);
    expect(await done.json()).toMatchObject({ complete: true, answers: [{ ok: true }, { ok: true }] });
    expect((await askHealth(healthPort)).metrics).toMatch(
      /^vigilia_messages_rejected_total\{channel="commands",reason="too_deep",/m,
    );
  });

  it('answers that nothing was sent while the broker is unreachable', async () => {
    const nurse = await signIn('nurse');
    await broker.kill();
    const acknowledge = (): Promise<Response> => post('orchestrator/acknowledge', { params: { source_id: 1 } }, nurse);
    await eventually(async () => expect(await codeOf(await acknowledge())).toBe('broker_away'));
    await broker.restart();
    await eventually(async () => expect((await acknowledge()).status).toBe(200), { timeoutMs: 40_000 });
  });

  it('delays a client that tries passwords', async () => {
    const tries = await Promise.all(Array.from({ length: 24 }, () => post('sign-in', { name: 'x', password: 'y' })));
    expect(tries.some(({ status }) => status === 429)).toBe(true);
  });

  it('without sign-in answers only to names of this machine', async () => {
    const open = await startConsole(['--no-auth', '--mqtt-url', broker.url], folder.path);
    const { request } = await import('node:http');
    const ask = (host: string): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request(`${open.url}api/session`, { headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .once('error', reject)
          .end();
      });
    expect(await ask('evil.example.org')).toBe(403);
    expect(await ask('localhost:8080')).toBe(200);
    await open.stop();
  });
});
