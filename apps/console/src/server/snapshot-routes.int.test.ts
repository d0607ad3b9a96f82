import { createTopics } from '@vigilia/protocol';
import { captureLogger, connectBus, eventually, requires, startMosquitto, tempFolder } from '@vigilia/testing';
import type { PolicyView } from '../shared/policy-view.ts';
import { codeOf, consoleClient, type Signed } from '../test-support/ask-console.ts';
import { FakeHouse } from '../test-support/fake-house.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { type RunningConsole, startConsole } from '../test-support/start-console.ts';
import { writeUser } from './auth/account-changes.ts';

const password = 'a long password';
const topics = createTopics();

requires('mosquitto')('pictures of rooms over HTTP', () => {
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let running: RunningConsole;
  let bus: Awaited<ReturnType<typeof connectBus>>;
  let house: FakeHouse;
  const { logger, lines } = captureLogger();
  const { post, signIn } = consoleClient(() => running.url);
  const people: Record<string, Signed> = {};

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startMosquitto(), tempFolder('console')]);
    const users = folder.file('users.json');
    for (const role of ['viewer', 'nurse', 'technician'] as const) {
      await writeUser(users, { name: role, display_name: `The ${role}`, role }, password);
    }
    running = await startConsole(['--users-file', users, '--mqtt-url', broker.url], folder.path, logger);
    bus = await connectBus(broker.url);
    house = new FakeHouse(bus, fakeRooms(4));
    await house.start();
    for (const name of ['viewer', 'nurse', 'technician']) {
      people[name] = await signIn(name, password);
    }
  });
  afterAll(async () => {
    house?.stop();
    await running?.stop();
    await bus?.stop();
    await broker?.stop();
    await folder?.remove();
  });

  const picture = (who: string, body: object = {}, room = 1): Promise<Response> =>
    post(`rooms/${room}/picture`, body, people[who]);
  const allow = async (): Promise<void> => {
    await house.allowSnapshots(true);
    await eventually(async () => expect((await picture('viewer')).status).toBe(200));
  };
  const asked = (): number => house.heard.filter(({ command }) => command === 'snapshot').length;

  it('are refused while the policy does not allow them, and always without a sign-in', async () => {
    await house.allowSnapshots(false);
    await eventually(async () => expect(await codeOf(await picture('technician'))).toBe('snapshots_off'));
    expect((await picture('technician', { reveal: true })).status).toBe(403);
    expect((await post('rooms/1/picture', {})).status).toBe(401);
    expect(asked()).toBe(0);
  });

  it('are coarse for all users, clear for nurses only, and asked for with the session’s token', async () => {
    await allow();
    expect(await (await picture('viewer')).json()).toMatchObject({ blurred: true });
    const before = asked();
    expect(await codeOf(await picture('viewer', { reveal: true }))).toBe('not_allowed');
    const mixed = { cookie: people.nurse?.cookie ?? '', csrfToken: people.viewer?.csrfToken ?? '' };
    expect(await codeOf(await post('rooms/1/picture', { reveal: true }, mixed))).toBe('wrong_token');
    expect(asked()).toBe(before);
    expect(await (await picture('nurse', { reveal: true })).json()).toMatchObject({ blurred: false });
  });

  it('are revealed only after it is in the log who asked: the account’s name, whatever the page sends', async () => {
    await allow();
    const loggedWhenSent: unknown[] = [];
    await bus.subscribe(topics.commands, () => {
      loggedWhenSent.push(lines.filter(({ event }) => event === 'picture_revealed').map(({ user }) => user));
    });
    lines.length = 0;
    await picture('nurse', { reveal: true, by: 'Another Person' }, 3);
    expect(loggedWhenSent).toEqual([['The nurse']]);
    expect(lines.find(({ event }) => event === 'picture_revealed')).toMatchObject({ source_id: 3, account: 'nurse' });
    expect(house.heard.at(-1)).toMatchObject({ command: 'snapshot', params: { reveal: true, by: 'The nurse' } });
  });

  it('are refused as commands: there anybody’s name could be given', async () => {
    const body = { command: 'snapshot', params: { source_id: 1, reveal: true, by: 'Ana' } };
    const before = asked();
    expect((await post('commands', body, people.technician)).status).toBe(400);
    expect(asked()).toBe(before);
    const forms = await fetch(`${running.url}api/commands`, { headers: { cookie: people.technician?.cookie ?? '' } });
    const names = ((await forms.json()) as { name: string }[]).map(({ name }) => name);
    expect(names).toContain('set_fps');
    expect(names).not.toContain('snapshot');
  });

  it('come from who showed the room last, when two watch it', async () => {
    await allow();
    await house.dedicated('processor-a_1', 1, 'inc-1');
    await house.seen(1, [], { id: 'processor-a_1', model: 'precise' });
    await eventually(async () => {
      await picture('viewer');
      expect(house.heard.at(-1)?.target_instances).toEqual(['processor-a_1']);
    });
    await house.gone('processor-a_1');
    await eventually(async () => {
      await picture('viewer');
      expect(house.heard.at(-1)?.target_instances).toEqual(['processor-a']);
    });
  });

  it('are refused with a reason: no processor monitors the room, or nothing came', async () => {
    await allow();
    house.sendsSnapshots = false;
    const silent = await picture('viewer');
    expect([silent.status, await codeOf(silent)]).toEqual([504, 'no_picture']);
    house.sendsSnapshots = true;
    await house.status('processor-b', {}, [2]);
    await eventually(async () => expect((await picture('viewer', {}, 3)).status).toBe(409));
    expect(await codeOf(await picture('viewer', {}, 3))).toBe('unwatched');
  });

  it('are allowed by a technician, who changes that setting alone and is named as its author', async () => {
    const get = (who: string): Promise<Response> =>
      fetch(`${running.url}api/policy`, { headers: { cookie: people[who]?.cookie ?? '' } });
    expect((await get('nurse')).status).toBe(403);
    const body = { params: { changes: [{ path: ['snapshots'], value: false }], by: 'Another Name' } };
    expect((await post('orchestrator/change_policy', body, people.nurse)).status).toBe(403);
    expect(await (await post('orchestrator/change_policy', body, people.technician)).json()).toMatchObject({
      answers: [{ ok: true }],
    });
    await eventually(async () => expect(await codeOf(await picture('nurse'))).toBe('snapshots_off'));
    const view = (await (await get('technician')).json()) as PolicyView;
    expect(view.policy).toMatchObject({ snapshots: false });
    expect(view.changes[0]?.by).toBe(house.heard.findLast(({ command }) => command === 'change_policy')?.params?.by);
    expect(view.changes[0]?.by).not.toBe('Another Name');
    expect(view.fields.length).toBeGreaterThan(40);
  });
});
