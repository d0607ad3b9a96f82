import { captureLogger, connectBus, requires, startMosquitto, tempFolder } from '@vigilia/testing';
import { codeOf, consoleClient, type Signed } from '../test-support/ask-console.ts';
import { FakeHouse } from '../test-support/fake-house.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { type RunningConsole, startConsole } from '../test-support/start-console.ts';
import { writeUser } from './auth/account-changes.ts';

const password = 'a long password';

requires('mosquitto')('the settings of rooms over HTTP', () => {
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  let running: RunningConsole;
  let bus: Awaited<ReturnType<typeof connectBus>>;
  let house: FakeHouse;
  let carer: Signed;
  let technician: Signed;
  const { logger, lines } = captureLogger();
  const { post, signIn } = consoleClient(() => running.url);

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startMosquitto(), tempFolder('console')]);
    const users = folder.file('users.json');
    await writeUser(users, { name: 'ana', display_name: 'Ana Ruiz', role: 'nurse' }, password);
    await writeUser(users, { name: 'tom', display_name: 'Tom Gil', role: 'technician' }, password);
    running = await startConsole(['--users-file', users, '--mqtt-url', broker.url], folder.path, logger);
    bus = await connectBus(broker.url);
    house = new FakeHouse(bus, fakeRooms(4));
    await house.start();
    carer = await signIn('ana', password);
    technician = await signIn('tom', password);
  });
  afterAll(async () => {
    house?.stop();
    await running?.stop();
    await bus?.stop();
    await broker?.stop();
    await folder?.remove();
  });

  const settings = ({ cookie }: Signed): Promise<Response> =>
    fetch(`${running.url}api/room-settings`, { headers: { cookie } });

  it.each([
    ['room-settings', { source_id: 8 }],
    ['room-settings/2', { name: 'x' }],
    ['room-settings/2/move', { home: 'processor-b' }],
    ['room-settings/2/remove', { confirmed: true }],
  ])('%s is refused to a carer, and nothing is sent', async (path, body) => {
    expect(await codeOf(await post(path, body, carer))).toBe('not_allowed');
    expect(await codeOf(await settings(carer))).toBe('not_allowed');
    expect(house.heard.filter(({ command }) => command.endsWith('_room'))).toEqual([]);
  });

  it('are changed by a technician, whose name the command and the log have', async () => {
    expect(await (await settings(technician)).json()).toMatchObject({ keepsCameras: false });
    const sent = await post('room-settings/2', { name: 'Lounge' }, technician);
    expect(await sent.json()).toMatchObject({ ok: true });
    expect(house.heard.at(-1)).toMatchObject({
      command: 'set_room',
      params: { source_id: 2, name: 'Lounge', by: 'Tom Gil', via: 'page' },
    });
    expect(lines.at(-1)).toMatchObject({ event: 'room_changed', source_id: 2, user: 'Tom Gil', ok: true });
  });

  it('refuse an address with a password where no go2rtc keeps it, and write it nowhere', async () => {
    const body = { source_id: 8, address: 'rtsp://admin:s3cret@10.0.0.8/1' };
    const answer = await (await post('room-settings', body, technician)).text();
    expect(JSON.parse(answer)).toMatchObject({ ok: false, code: 'address_has_credentials', field: 'address' });
    expect(`${answer}${JSON.stringify(lines)}`).not.toContain('s3cret');
  });
});
