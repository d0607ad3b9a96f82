import { writeFile } from 'node:fs/promises';
import { captureLogger, eventually, startBroker, type TempFolder, tempFolder } from '@vigilia/testing';
import type { PeopleList } from '../shared/people-view.ts';
import { codeOf, consoleClient, type Signed } from '../test-support/ask-console.ts';
import { readLive } from '../test-support/read-live.ts';
import { type RunningConsole, startConsole } from '../test-support/start-console.ts';
import { changeUser, endSessionsOf, removeUser, setPassword, writeUser } from './auth/account-changes.ts';

const password = 'a long password';

describe('accounts over HTTP', () => {
  let folder: TempFolder;
  let broker: Awaited<ReturnType<typeof startBroker>>;
  let running: RunningConsole;
  let file: string;
  let administrator: Signed;
  const { logger, lines } = captureLogger();
  const client = consoleClient(() => running.url);

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startBroker(), tempFolder('people-routes')]);
    file = folder.file('users.json');
    await writeUser(file, { name: 'alba', display_name: 'Alba', role: 'administrator' }, password);
    await writeUser(file, { name: 'tom', display_name: 'Tom', role: 'technician' }, password);
    running = await startConsole(['--users-file', file, '--mqtt-url', broker.url], folder.path, logger);
    administrator = await client.signIn('alba', password);
  });
  afterAll(async () => {
    await running?.stop();
    await broker?.stop();
    await folder?.remove();
  });
  beforeEach(() => writeUser(file, { name: 'nora', display_name: 'Nora', role: 'nurse' }, password));

  const people = async (): Promise<PeopleList> =>
    (await fetch(`${running.url}api/people`, { headers: { cookie: administrator.cookie } })).json() as never;
  const beats = (text: string): number => text.match(/event: beat/g)?.length ?? 0;

  const ends: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['an administrator removes the account', () => client.post('people/nora/remove', {}, administrator)],
    ['an administrator changes its role', () => client.post('people/nora', { role: 'viewer' }, administrator)],
    [
      'an administrator sets another password',
      () => client.post('people/nora/password', { password: 'another long one' }, administrator),
    ],
    ['an administrator ends its sign-ins', () => client.post('people/nora/sessions/end', {}, administrator)],
    [
      'an administrator ends this one sign-in',
      async () => {
        const sessions = (await people()).people.find(({ name }) => name === 'nora')?.sessions ?? [];
        await client.post('people/nora/sessions/end', { key: sessions[0]?.key }, administrator);
      },
    ],
    ['the command line removes the account', () => removeUser(file, 'nora')],
    ['the command line changes its role', () => changeUser(file, 'nora', { role: 'operator' })],
    ['the command line sets another password', () => setPassword(file, 'nora', 'another long one')],
    ['the command line ends its sign-ins', () => endSessionsOf(file, 'nora')],
  ];
  test.each(ends)('a page is signed out when %s', async (_, end) => {
    const nurse = await client.signIn('nora', password);
    const stream = await readLive(running.url, nurse.cookie);
    await eventually(() => expect(beats(stream.text())).toBeGreaterThan(0));
    await end();
    await eventually(() => expect(stream.ended()).toBe(true));
    expect(stream.text()).toMatch(/event: signed_out\ndata: \{\}\n\n$/);
    const session = await fetch(`${running.url}api/session`, { headers: { cookie: nurse.cookie } });
    expect(await session.json()).toMatchObject({ signedIn: false });
  });

  test('a change of the wards keeps the sign-in; the page connects again and gets its rooms', async () => {
    const nurse = await client.signIn('nora', password);
    const stream = await readLive(running.url, nurse.cookie);
    await client.post('people/nora', { wards: ['Ward 2'] }, administrator);
    await eventually(() => expect(stream.ended()).toBe(true));
    const session = await fetch(`${running.url}api/session`, { headers: { cookie: nurse.cookie } });
    expect(await session.json()).toMatchObject({ signedIn: true, wards: ['Ward 2'] });
  });

  test('who changed which account is in the log', async () => {
    const eva = { name: 'eva', displayName: 'Eva', role: 'viewer', wards: ['Ward 2'], password };
    expect((await client.post('people', eva, administrator)).status).toBe(200);
    await client.post('people/eva', { role: 'nurse', wards: [] }, administrator);
    await client.post('people/eva/remove', {}, administrator);
    const by = { user: 'Alba', account: 'alba', subject: 'eva' };
    const logged = lines.filter(({ subject }) => subject === 'eva');
    expect(logged).toMatchObject([
      { event: 'account_added', role: 'viewer', wards: ['Ward 2'], ...by },
      { event: 'account_changed', role: 'nurse', wards: [], ...by },
      { event: 'account_removed', ...by },
    ]);
    expect(JSON.stringify(logged)).not.toContain(password);
  });

  test('a wall screen of a ward is added with a link that signs it in, limited to its ward', async () => {
    const screen = { name: 'wall', displayName: 'Wall', role: 'station', wards: ['Ward 2'] };
    const { link } = (await (await client.post('people', screen, administrator)).json()) as { link: string };
    const answer = await client.post('sign-in/station', { token: link.replace('/station/', '') });
    expect(await answer.json()).toMatchObject({ signedIn: true, role: 'station', wards: ['Ward 2'] });
  });

  test.each([
    ['a name that is taken', 'people', { name: 'nora', displayName: 'N', role: 'nurse', password }, 'user_exists'],
    [
      'a short password',
      'people',
      { name: 'kim', displayName: 'K', role: 'nurse', password: 'short' },
      'password_too_short',
    ],
    [
      'a name with a blank and a capital',
      'people',
      { name: 'A B', displayName: 'K', role: 'nurse' },
      'invalid_request',
    ],
    ['a role that does not exist', 'people/nora', { role: 'carer' }, 'invalid_request'],
    ['an account that does not exist', 'people/kim', { role: 'nurse' }, 'unknown_user'],
    ['a person turned into a wall screen', 'people/nora', { role: 'station' }, 'station_role_fixed'],
    ['the last administrator, who removes the own account', 'people/alba/remove', {}, 'last_administrator'],
    ['the last administrator, limited to a ward', 'people/alba', { wards: ['Ward 2'] }, 'last_administrator'],
  ])('is refused for %s', async (_, path, body, code) => {
    expect(await codeOf(await client.post(path, body, administrator))).toBe(code);
  });

  test('is for administrators only, and shows no other person who has an account', async () => {
    const technician = await client.signIn('tom', password);
    const answers = ['nora', 'kim'].map(async (name) =>
      codeOf(await client.post(`people/${name}/remove`, {}, technician)),
    );
    expect(await Promise.all(answers)).toEqual(['not_allowed', 'not_allowed']);
    const guesses = ['nora', 'kim'].map(async (name) =>
      (await client.post('sign-in', { name, password: 'a guess' })).text(),
    );
    const [known, unknown] = await Promise.all(guesses);
    expect(known).toBe(unknown);
  });

  test('changes of page and command line at the same time are all kept', async () => {
    const names = Array.from({ length: 6 }, (_, n) => `user-${n}`);
    await Promise.all(
      names.map((name, n) =>
        n % 2 === 0
          ? client.post('people', { name, displayName: name, role: 'viewer', password }, administrator)
          : writeUser(file, { name, display_name: name, role: 'viewer' }, password),
      ),
    );
    expect((await people()).people.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  test('a change is refused with what to do while another process keeps the file locked', async () => {
    await writeFile(`${file}.lock`, '');
    const answer = await client.post('people/nora', { role: 'viewer' }, administrator);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      error: { code: 'file_busy', message: expect.stringMatching(/Try again/) },
    });
  });
});
