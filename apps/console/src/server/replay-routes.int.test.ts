import { captureLogger, connectBus, eventually, requires, startMosquitto, tempFolder } from '@vigilia/testing';
import { codeOf, consoleClient, type Signed } from '../test-support/ask-console.ts';
import { FakeHouse } from '../test-support/fake-house.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { fakeReplay } from '../test-support/fake-replay.ts';
import { type RunningConsole, startConsole } from '../test-support/start-console.ts';
import { writeStation, writeUser } from './auth/account-changes.ts';

const password = 'a long password';

requires('mosquitto')('the replay of a fall over HTTP', () => {
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let running: RunningConsole;
  let bus: Awaited<ReturnType<typeof connectBus>>;
  let house: FakeHouse;
  let users: string;
  const { logger, lines } = captureLogger();
  const { post, signIn } = consoleClient(() => running.url);

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startMosquitto(), tempFolder('console')]);
    users = folder.file('users.json');
    await writeUser(users, { name: 'ana', display_name: 'Ana Ruiz', role: 'viewer' }, password);
    running = await startConsole(['--users-file', users, '--mqtt-url', broker.url], folder.path, logger);
    bus = await connectBus(broker.url);
    house = new FakeHouse(bus, fakeRooms(4));
    await house.start();
    await house.incident({ incident_id: 'inc-1', source_id: 1 });
    await house.replay(fakeReplay('inc-1', 1));
  });
  afterAll(async () => {
    house?.stop();
    await running?.stop();
    await bus?.stop();
    await broker?.stop();
    await folder?.remove();
  });

  const replay = (cookie: string, id = 'inc-1'): Promise<Response> =>
    fetch(`${running.url}api/replays/${id}`, { headers: { cookie } });

  it('is shown to each person who may see pictures, and the log states who saw it', async () => {
    const ana: Signed = await signIn('ana', password);
    await eventually(async () => expect((await replay(ana.cookie)).status).toBe(200));
    expect(lines.findLast(({ event }) => event === 'replay_shown')).toMatchObject({
      incident_id: 'inc-1',
      source_id: 1,
      user: 'Ana Ruiz',
      account: 'ana',
    });
  });

  it('is not given to the screen on the wall, which every visitor sees', async () => {
    const token = await writeStation(users, { name: 'ward-2', display_name: 'Ward 2' });
    const signed = await post('sign-in/station', { token });
    const cookie = signed.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ');
    expect(await codeOf(await replay(cookie))).toBe('not_allowed');
  });

  it('is not given any more where it was deleted while the console had no connection to the broker', async () => {
    const ana: Signed = await signIn('ana', password);
    await eventually(async () => expect((await replay(ana.cookie)).status).toBe(200));
    // this broker keeps nothing of before
    await broker.kill();
    await broker.restart();
    await house.replay(fakeReplay('inc-2', 2));
    await eventually(async () => expect((await replay(ana.cookie, 'inc-2')).status).toBe(200), { timeoutMs: 30_000 });
    expect(await codeOf(await replay(ana.cookie))).toBe('no_replay');
  });
});
