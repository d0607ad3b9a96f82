import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type CommandEnvelope, channels, createTopics, type Incident } from '@vigilia/protocol';
import { type Bus, ChannelBus, endProcess, systemClock } from '@vigilia/service';
import {
  eventually,
  freePort,
  requires,
  silentLogger,
  spawnTypeScript,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { type RoleBroker, startRoleBroker } from '../../../../deploy/mosquitto/testing/start-with-roles.ts';
import { type HttpReceiver, startHttpReceiver } from '../test-support/http-receiver.ts';
import { type NotifierProcess, startNotifier } from '../test-support/notifier-process.ts';
import { incident } from '../test-support/samples.ts';

const topics = createTopics('nvr');
const consoleEntry = fileURLToPath(new URL('../../../console/src/main.ts', import.meta.url));

requires('mosquitto')('the link “I am on my way” of a message', () => {
  let broker: RoleBroker;
  let folder: TempFolder;
  let hook: HttpReceiver;
  let orchestrator: Bus;
  let notifier: NotifierProcess;
  let page: ReturnType<typeof spawnTypeScript>;
  let consoleUrl: string;
  let orchestratorAnswers = true;
  const commands: CommandEnvelope[] = [];

  const login = async (role: 'console' | 'notifier') => ({
    MQTT_URL: broker.url(role),
    MQTT_USERNAME: role,
    MQTT_PASSWORD: await broker.password(role),
  });
  const startTheNotifier = async () => {
    const flags = ['--alerts', folder.file('alerts.yaml'), '--state-dir', folder.file('state')];
    return startNotifier(flags, await login('notifier'));
  };

  beforeAll(async () => {
    [broker, folder, hook] = await Promise.all([startRoleBroker(), tempFolder('on-my-way'), startHttpReceiver()]);
    const port = await freePort();
    consoleUrl = `http://127.0.0.1:${port}/`;
    await writeFile(folder.file('secret'), 'hush');
    await writeFile(folder.file('users.json'), '{"version":1,"users":[]}');
    await writeFile(folder.file('index.html'), '');
    await writeFile(
      folder.file('alerts.yaml'),
      [
        `console_url: ${consoleUrl}`,
        'targets:',
        `  hook: { type: webhook, url: "${hook.url}", secret_file: secret, recipient: Ana <b>, timeout_s: 100 }`,
        'rules: [{ severity: critical, to: [hook] }]',
      ].join('\n'),
    );
    const flags = ['--port', `${port}`, '--users-file', folder.file('users.json'), '--page-dir', folder.path];
    page = spawnTypeScript(consoleEntry, flags, { env: { PATH: process.env.PATH ?? '', ...(await login('console')) } });
    orchestrator = await broker.connect('orchestrator', 'orchestrator');
    await answerAsOrchestrator();
    notifier = await startTheNotifier();
    await eventually(() => expect(page.stdout() + page.stderr()).toContain('mqtt_connected'));
  });
  afterAll(async () => {
    await notifier?.kill();
    if (page !== undefined) {
      await endProcess(page.child);
    }
    await orchestrator?.stop();
    await Promise.all([hook?.stop(), broker?.stop()]);
    await folder?.remove();
  });

  async function answerAsOrchestrator(): Promise<void> {
    const bus = new ChannelBus({ bus: orchestrator, roots: topics.roots, logger: silentLogger(), clock: systemClock });
    await bus.subscribe(channels.orchestratorCommands, async ({ value }) => {
      if (value === undefined) return;
      commands.push(value as CommandEnvelope);
      if (!orchestratorAnswers) return;
      await bus.publish(
        channels.orchestratorAck,
        {},
        {
          instance_id: 'orchestrator',
          client_id: 'orchestrator',
          command: 'acknowledge',
          command_id: value.command_id ?? '',
          ack_status: 'completed',
          timestamp: new Date().toISOString(),
        },
      );
    });
  }
  const publish = (id: string, change: Partial<Incident> = {}) =>
    orchestrator.publish(topics.incident(id), incident({ incident_id: id, ...change }), { retain: true });
  /** The link in the alarm of a new incident. */
  const linkOf = async (id: string, room: number): Promise<URL> => {
    await publish(id, { source_id: room, room_name: 'Mrs <C>' });
    return eventually(() => {
      const found = hook.requests.find(({ body }) => body.incident_id === id);
      expect(found?.body.console_url).toBe(`${consoleUrl}#/rooms/${room}`);
      return new URL(String(found?.body.on_my_way_url));
    });
  };
  const confirm = async (token: string | null) => {
    const response = await fetch(`${consoleUrl}on-my-way`, {
      method: 'POST',
      body: new URLSearchParams({ token: token ?? '', lang: 'en' }),
    });
    return { status: response.status, text: await response.text() };
  };

  test('acknowledges its own incident in the name of the recipient, once, and only when a person presses the button', async () => {
    const link = await linkOf('inc-1', 2);
    const opened = await fetch(link);
    const form = await opened.text();
    expect([opened.status, opened.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(opened.headers.get('content-security-policy')).toMatch(/default-src 'none'.*form-action 'self'/);
    expect(form).toContain('I am on my way</button>');
    const token = /name="token" value="([^"]+)"/.exec(form)?.[1] ?? null;
    expect(token).toBe(link.searchParams.get('token'));
    // opening it, as mail scanners do, has acknowledged nothing
    expect(commands).toEqual([]);
    const done = await confirm(token);
    expect(done).toEqual({ status: 200, text: expect.stringContaining('Mrs &#60;C&#62; (room 2)') });
    expect(commands.map(({ command, params }) => [command, params])).toEqual([
      ['acknowledge', expect.objectContaining({ incident_id: 'inc-1', by: 'Ana <b>' })],
    ]);
    expect(await confirm(token)).toEqual({ status: 409, text: expect.stringContaining('Already confirmed') });
    await notifier.kill();
    notifier = await startTheNotifier();
    expect((await confirm(token)).status).toBe(409);
    expect(commands).toHaveLength(1);
  });

  test('works again when the orchestrator did not answer, and not any more when the incident is closed', async () => {
    const [token, over] = [
      (await linkOf('inc-2', 3)).searchParams.get('token'),
      (await linkOf('inc-3', 4)).searchParams.get('token'),
    ];
    orchestratorAnswers = false;
    expect((await confirm(token)).status).toBe(503);
    orchestratorAnswers = true;
    expect((await confirm(token)).status).toBe(200);
    await publish('inc-3', { source_id: 4, state: 'closed', closed_at: new Date().toISOString() });
    await eventually(() =>
      expect(hook.requests.map(({ body }) => `${body.incident_id} ${body.step}`)).toContain('inc-3 closed'),
    );
    expect((await confirm(over)).status).toBe(410);
  });

  test('is refused when it was changed, and guessing ends after a few attempts a minute', async () => {
    const token = (await linkOf('inc-4', 5)).searchParams.get('token') ?? '';
    const before = commands.length;
    const statuses: number[] = [];
    for (let at = 0; at < 12; at += 1) {
      statuses.push((await confirm(`${token.slice(0, -2)}${at}`)).status);
    }
    expect(statuses[0]).toBe(400);
    expect(statuses.at(-1)).toBe(429);
    expect(commands).toHaveLength(before);
    expect(page.stdout() + page.stderr() + notifier.output()).not.toContain(token.slice(0, 40));
  });
});
