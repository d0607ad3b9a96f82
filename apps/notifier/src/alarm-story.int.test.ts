import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AlertState, createTopics, type Incident, type VigiliaEvent } from '@vigilia/protocol';
import { type Bus, endProcess } from '@vigilia/service';
import {
  eventually,
  freePort,
  repoRoot,
  requires,
  spawnTypeScript,
  type TempFolder,
  type TypeScriptProcess,
  tempFolder,
} from '@vigilia/testing';
import { type RoleBroker, startRoleBroker } from '../../../deploy/mosquitto/testing/start-with-roles.ts';
import { type ConsoleProcess, startConsole } from './test-support/console-process.ts';
import { type HttpReceiver, startHttpReceiver } from './test-support/http-receiver.ts';
import { type NotifierProcess, startNotifier } from './test-support/notifier-process.ts';
import { PlayedRoom } from './test-support/played-room.ts';

const topics = createTopics('nvr');
const entryOf = (app: string): string => join(repoRoot, 'apps', app, 'src', 'main.ts');

/** Room 2 is a played one; everything else runs as it is shipped. */
requires('mosquitto')('the alarm of a fall through orchestrator, notifier and console', () => {
  let broker: RoleBroker;
  let folder: TempFolder;
  let carer: HttpReceiver;
  let lead: HttpReceiver;
  let sees: Bus;
  let processorBus: Bus;
  let room: PlayedRoom;
  let orchestrator: TypeScriptProcess;
  let notifier: NotifierProcess;
  let page: ConsoleProcess;
  let consoleUrl: string;
  const incidents = new Map<string, Incident>();
  const alerts = new Map<string, AlertState>();
  const reports: VigiliaEvent[] = [];

  const login = async (role: 'console' | 'notifier' | 'orchestrator') => ({
    PATH: process.env.PATH ?? '',
    MQTT_URL: broker.url(role),
    MQTT_USERNAME: role,
    MQTT_PASSWORD: await broker.password(role),
  });
  const startTheNotifier = async () => {
    const flags = ['--alerts', folder.file('alerts.yaml'), '--state-dir', folder.file('notifier')];
    return startNotifier(flags, await login('notifier'));
  };
  const startTheOrchestrator = async () => {
    const dedicated = {
      PROCESSOR_MQTT_URL: broker.url('processor'),
      PROCESSOR_MQTT_PASSWORD: await broker.password('processor-a_1'),
    };
    const flags = ['--policy', folder.file('policy.yaml'), '--data-dir', folder.file('data')];
    const env = Object.assign(await login('orchestrator'), dedicated);
    return spawnTypeScript(entryOf('orchestrator'), flags, { env });
  };

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startRoleBroker(), tempFolder('alarm-story')]);
    [carer, lead] = await Promise.all([startHttpReceiver(), startHttpReceiver()]);
    const port = await freePort();
    consoleUrl = `http://127.0.0.1:${port}/`;
    await writeSettings();
    await follow();
    processorBus = await broker.connect('processor', 'processor-a');
    room = new PlayedRoom({ bus: processorBus, instanceId: 'processor-a', sourceId: 2 });
    await room.start();
    page = await startConsole({ folder, port, displayName: 'Eva Gil', env: await login('console') });
    [orchestrator, notifier] = await Promise.all([startTheOrchestrator(), startTheNotifier()]);
    await acting();
  });
  afterAll(async () => {
    await notifier?.kill();
    if (orchestrator !== undefined) {
      await endProcess(orchestrator.child);
    }
    await page?.stop();
    await room?.stop();
    await Promise.all([processorBus?.stop(), sees?.stop(), carer?.stop(), lead?.stop()]);
    await broker?.stop();
    await folder?.remove();
  });

  async function writeSettings(): Promise<void> {
    await writeFile(folder.file('secret'), 'hush');
    await writeFile(
      folder.file('policy.yaml'),
      [
        'limits: { max_dedicated: 0 }',
        'timings: { up_before_close_seconds: 600 }',
        'rooms: { "2": { home: processor-a, name: Mrs C } }',
      ].join('\n'),
    );
    await writeFile(
      folder.file('alerts.yaml'),
      [
        `console_url: ${consoleUrl}`,
        'alarm: { repeat_s: 5, return_s: 5 }',
        'targets:',
        `  carer: { type: webhook, url: "${carer.url}", secret_file: secret, recipient: Ana Ruiz }`,
        `  lead: { type: webhook, url: "${lead.url}", secret_file: secret }`,
        'rules: [{ severity: critical, kinds: [fall], to: [carer], escalate: [{ after_s: 3, to: [lead] }] }]',
      ].join('\n'),
    );
  }
  async function follow(): Promise<void> {
    sees = await broker.connectUnbound();
    const keep =
      <T>(into: Map<string, T>) =>
      ({ topic, payload }: { topic: string; payload: Buffer }) => {
        if (payload.length > 0) {
          into.set(topic.split('/').at(-1) ?? '', JSON.parse(payload.toString()) as T);
        }
      };
    await sees.subscribe(topics.incidentAny, keep(incidents));
    await sees.subscribe(topics.alertAny, keep(alerts));
    await sees.subscribe(topics.event('drill_report'), (message) => void reports.push(message.json() as VigiliaEvent));
  }
  const acting = () =>
    eventually(
      async () => {
        expect(await page.command('status')).toMatchObject({ ok: true, message: 'The orchestrator is acting.' });
      },
      { timeoutMs: 60_000 },
    );
  /** The only incident that is a drill or not. */
  const incident = (drill = false): Incident => {
    const found = [...incidents.values()].find((one) => one.drill === drill);
    if (found === undefined) throw new Error('no incident');
    return found;
  };
  const alert = (drill = false) => alerts.get(incident(drill).incident_id);
  const shows = (wanted: object, drill = false) =>
    eventually(() => expect(alert(drill)).toMatchObject(wanted), {
      timeoutMs: 60_000,
      message: JSON.stringify(wanted),
    });
  const steps = (target: HttpReceiver) =>
    target.requests.filter(({ body }) => body.drill === false).map(({ body }) => String(body.step));
  const inConsole = async (command: string, params: object = {}, drill = false) => {
    const about = { incident_id: incident(drill).incident_id };
    expect(await page.command(command, Object.assign(about, params))).toMatchObject({ ok: true });
  };

  test('goes on until a person has been there, and survives kill -9 of each service on the way', async () => {
    await room.personFalls(20_000);
    const first = await eventually(
      () => {
        expect(carer.requests).toHaveLength(1);
        return carer.requests[0]?.body;
      },
      { timeoutMs: 60_000 },
    );
    expect(first).toMatchObject({
      step: 'raised',
      severity: 'critical',
      drill: false,
      room_name: 'Mrs C',
      incident_id: incident().incident_id,
      console_url: `${consoleUrl}#/rooms/2`,
      on_my_way_url: expect.stringContaining(`${consoleUrl}on-my-way?`),
    });
    expect(first?.on_floor_seconds).toBeGreaterThanOrEqual(20);

    await shows({ stage: 'escalated' });
    await shows({ stage: 'repeated', level: 1 });
    // killed while a message is under way: the receiver has it, and the notifier does not know
    const before = carer.requests.length;
    carer.answer = 'hold';
    await eventually(() => expect(carer.requests.length).toBeGreaterThan(before), { timeoutMs: 60_000 });
    await notifier.kill();
    carer.answer = 200;
    notifier = await startTheNotifier();
    await eventually(() => expect(alert()?.level).toBeGreaterThanOrEqual(2), { timeoutMs: 60_000 });

    await room.personGetsUp();
    await shows({ person: 'up' });
    expect(alert()?.acknowledged).toBeUndefined();
    await room.personFalls(1000);
    await shows({ stage: 'notified', fall: 2, level: 0, person: 'down' });
    await eventually(() => expect(steps(carer).filter((step) => step.startsWith('raised'))).toHaveLength(2));
    expect(incident().falls).toMatchObject([{ recovered_at: expect.any(String) }, {}]);

    const link = carer.requests.at(-1)?.body.on_my_way_url;
    expect([await page.confirm(link), await page.confirm(link)]).toEqual([200, 409]);
    await shows({ stage: 'acknowledged', acknowledged: { by: 'Ana Ruiz', via: 'link' } });
    orchestrator.child.kill('SIGKILL');
    await orchestrator.ended;
    orchestrator = await startTheOrchestrator();

    await shows({ stage: 'returned', fall: 2 });
    await eventually(() => expect(steps(carer).some((step) => step.startsWith('returned'))).toBe(true));
    await acting();
    expect(incident()).toMatchObject({ state: 'acknowledged', person: 'down' });
    await inConsole('acknowledge');
    await shows({ stage: 'acknowledged', acknowledged: { by: 'Eva Gil', via: 'page' } });
    await room.personGetsUp();
    await shows({ stage: 'attended', person: 'up' });
    expect(alert()?.next).toBeUndefined();

    await inConsole('resolve', { outcome: 'helped', note: 'Bruised knee' });
    await shows({ stage: 'closed', outcome: 'helped' });
    await eventually(() => expect(carer.requests.at(-1)?.body).toMatchObject({ step: 'closed', outcome: 'helped' }));
    expect(alert()?.reactions).toMatchObject([
      { who: 'Ana Ruiz', what: 'acknowledge', via: 'link' },
      { who: 'Eva Gil', what: 'acknowledge', via: 'page' },
      { who: 'Eva Gil', what: 'resolve', via: 'page' },
    ]);
    expect(incident().verdict).toMatchObject({ note: 'Bruised knee' });

    await inConsole('undo_verdict');
    await shows({ stage: 'attended' });
    expect(alert()).not.toHaveProperty('outcome');
    expect(incident()).toMatchObject({ state: 'acknowledged' });
    await inConsole('resolve', { outcome: 'no_help_needed' });
    await shows({ stage: 'closed', outcome: 'no_help_needed' });
    await eventually(() =>
      expect(carer.requests.at(-1)?.body).toMatchObject({
        step: expect.stringMatching(/^closed/),
        outcome: 'no_help_needed',
      }),
    );
    // a message that was sent again has its old id
    for (const { requests } of [carer, lead]) {
      const messages = new Map(requests.map(({ body }) => [body.id, body]));
      const contents = [...messages.values()].map((body) =>
        [body.step, body.happened_at, body.by, body.outcome].join(' '),
      );
      expect(new Set(contents).size).toBe(messages.size);
    }
  }, 180_000);

  test('a drill with alerts runs the same chain, labelled, and its report names who reacted when', async () => {
    expect(await page.command('drill', { source_id: 2, with_alerts: true })).toMatchObject({ ok: true });
    const message = await eventually(
      () => {
        const found = carer.requests.find(({ body }) => body.drill === true);
        expect(found?.body).toMatchObject({ step: 'raised', severity: 'critical' });
        return found?.body;
      },
      { timeoutMs: 60_000 },
    );
    expect(message?.title).toMatch(/^DRILL · /);
    await eventually(() => expect(lead.requests.some(({ body }) => body.drill === true)).toBe(true), {
      timeoutMs: 60_000,
    });
    expect(await page.confirm(message?.on_my_way_url)).toBe(200);
    await shows({ stage: 'acknowledged', drill: true, acknowledged: { by: 'Ana Ruiz', via: 'link' } }, true);
    await inConsole('resolve', {}, true);
    await eventually(() => expect(reports).toHaveLength(1), { timeoutMs: 60_000 });
    expect(reports[0]).toMatchObject({
      drill: true,
      source_id: 2,
      room_name: 'Mrs C',
      reactions: [
        { who: 'Ana Ruiz', what: 'acknowledge', via: 'link', after_ms: expect.any(Number) },
        { who: 'Eva Gil', what: 'resolve', via: 'page', after_ms: expect.any(Number) },
      ],
      first_acknowledged_ms: expect.any(Number),
    });
    expect(JSON.stringify(reports[0]?.notified)).toMatch(/carer.*raised.*lead.*escalated/);
  }, 180_000);
});
