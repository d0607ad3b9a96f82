import { createTopics, type Incident } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import { type Collector, captureLogger, collect, eventually, requires, tempFolder } from '@vigilia/testing';
import { type RoleBroker, startRoleBroker } from '../../../../deploy/mosquitto/testing/start-with-roles.ts';
import { codeOf, consoleClient, type Signed } from '../test-support/ask-console.ts';
import { serveClip } from '../test-support/fake-clips.ts';
import { FakeHouse } from '../test-support/fake-house.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { fakeSnapshot } from '../test-support/fake-snapshots.ts';
import { type RunningConsole, startConsole } from '../test-support/start-console.ts';
import { writeUser } from './auth/account-changes.ts';

const password = 'a long password';
const reason = 'Did the resident hit the head?';
const fallMs = Date.now() - 30_000;
const atSecond = (second: number): string => new Date(fallMs + second * 1000).toISOString();

requires('mosquitto')('the clip of a fall over HTTP, with the roles of the product', () => {
  let broker: RoleBroker;
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let running: RunningConsole;
  let bus: Bus;
  let credentials: NodeJS.ProcessEnv;
  const processors: Bus[] = [];
  let house: FakeHouse;
  let views: Collector;
  let requests: string[];
  const people: Record<string, Signed> = {};
  const { logger, lines } = captureLogger();
  const { post, signIn } = consoleClient(() => running.url);

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startRoleBroker(), tempFolder('console')]);
    const users = folder.file('users.json');
    await writeUser(users, { name: 'ana', display_name: 'Ana Ruiz', role: 'nurse', clips: true }, password);
    await writeUser(users, { name: 'eva', display_name: 'Eva Gil', role: 'technician' }, password);
    credentials = { MQTT_USERNAME: 'console', MQTT_PASSWORD: await broker.password('console') };
    const flags = ['--users-file', users, '--mqtt-url', broker.url('console')];
    running = await startConsole(flags, folder.path, logger, credentials);
    bus = await broker.connectUnbound();
    views = await collect(bus, createTopics().event('clip_viewed'));
    house = new FakeHouse(bus, fakeRooms(4));
    await house.start();
    const at = [-1, 0, 4].map(atSecond);
    processors.push(await broker.connect('processor'), await broker.connect('processor', 'processor-a_1'));
    const [home = bus, dedicated = bus] = processors;
    requests = await serveClip(home, 'processor-a', { incidentId: 'inc-1', mode: 'plain', at });
    await serveClip(dedicated, 'processor-a_1', { incidentId: 'inc-1', mode: 'plain', at: [2, 3].map(atSecond) });
    // what the policy does not allow
    await serveClip(bus, 'processor-b', { incidentId: 'inc-1', mode: 'blurred', at: [1].map(atSecond) });
    for (const name of ['ana', 'eva']) {
      people[name] = await signIn(name, password);
    }
  });
  afterAll(async () => {
    house?.stop();
    await running?.stop();
    await Promise.all([bus, ...processors].map((one) => one?.stop()));
    await broker?.stop();
    await folder?.remove();
  });

  const allowed: Incident['clip'] = { mode: 'plain', until: new Date(Date.now() + 600_000).toISOString() };
  const clip = (who: string, body: object = { reason }, id = 'inc-1'): Promise<Response> =>
    post(`incidents/${id}/clip`, body, people[who]);
  const show = async (incident: Partial<Incident> & { incident_id: string }): Promise<void> => {
    await house.incident({ source_id: 1, ...incident });
  };

  it('is shown with the frames of all processors that had the room, and each view is recorded with name and reason', async () => {
    await show({ incident_id: 'inc-1', clip: allowed });
    await eventually(async () => expect((await clip('ana')).status).toBe(200), { timeoutMs: 30_000 });
    const shown = (await (await clip('ana')).json()) as { mode: string; frames: { at: string; jpeg: string }[] };
    expect(shown.mode).toBe('plain');
    expect(shown.frames.map(({ at }) => at)).toEqual([-1, 0, 2, 3, 4].map(atSecond));
    expect(new Set(shown.frames.map(({ jpeg }) => jpeg))).toEqual(new Set([fakeSnapshot(true)]));
    const recorded = views.messages.map(({ body }) => body);
    expect(recorded.at(-1)).toMatchObject({
      event: 'clip_viewed',
      incident_id: 'inc-1',
      source_id: 1,
      by: 'Ana Ruiz',
      account: 'ana',
      reason,
      mode: 'plain',
    });
    expect(recorded).toHaveLength(requests.length);
    expect(JSON.stringify([lines, recorded])).not.toContain(fakeSnapshot(true).slice(0, 40));
  });

  it('is refused to an account without the right, whatever its role, and processors are not even asked', async () => {
    await show({ incident_id: 'inc-1', clip: allowed });
    const asked = requests.length;
    const refused = await clip('eva');
    expect([refused.status, await codeOf(refused)]).toEqual([403, 'not_allowed']);
    expect((await post('incidents/inc-1/clip', { reason })).status).toBe(401);
    const mixed = { cookie: people.ana?.cookie ?? '', csrfToken: people.eva?.csrfToken ?? '' };
    expect(await codeOf(await post('incidents/inc-1/clip', { reason }, mixed))).toBe('wrong_token');
    expect(requests).toHaveLength(asked);
  });

  it.each([[{}], [{ reason: '' }], [{ reason: '    ' }], [{ reason: 'x' }]])(
    'is refused without a reason: %j',
    async (body) => {
      expect(await codeOf(await clip('ana', body))).toBe('invalid_request');
    },
  );

  it('is refused where the policy allows none, and when its time is over', async () => {
    await show({ incident_id: 'inc-none' });
    await show({ incident_id: 'inc-over', clip: { mode: 'plain', until: new Date(Date.now() - 1000).toISOString() } });
    for (const id of ['inc-none', 'inc-over', 'inc-unknown']) {
      expect(await codeOf(await clip('ana', { reason }, id))).toBe('no_clip');
    }
  });

  it('belongs to no person where the page needs no sign-in', async () => {
    const flags = ['--no-auth', '--mqtt-url', broker.url('console')];
    const open = await startConsole(flags, folder.path, logger, credentials);
    try {
      const session = await fetch(`${open.url}api/session`);
      const { csrfToken } = (await session.json()) as { csrfToken: string };
      const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
      const answer = await consoleClient(() => open.url).post(
        'incidents/inc-1/clip',
        { reason },
        { cookie, csrfToken },
      );
      expect([answer.status, await codeOf(answer)]).toEqual([403, 'not_allowed']);
    } finally {
      await open.stop();
    }
  });
});
