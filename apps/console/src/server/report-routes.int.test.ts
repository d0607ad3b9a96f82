import { requires, startBroker, type TempFolder, tempFolder } from '@vigilia/testing';
import { codeOf, consoleClient } from '../test-support/ask-console.ts';
import { type RunningConsole, startConsole } from '../test-support/start-console.ts';
import { writeReportRecords } from '../test-support/write-report-records.ts';
import { writeStation, writeUser } from './auth/account-changes.ts';

const password = 'a long password';

requires()('reports over HTTP', () => {
  let broker: Awaited<ReturnType<typeof startBroker>>;
  let folder: TempFolder;
  let running: RunningConsole;
  let without: RunningConsole;
  let viewer: string;
  const { post, signIn } = consoleClient(() => running.url);

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startBroker(), tempFolder('reports')]);
    const users = folder.file('users.json');
    await writeUser(users, { name: 'ana', display_name: 'Ana Ruiz', role: 'viewer' }, password);
    await writeReportRecords(folder.file('records'), { rooms: 12, days: 10 });
    const common = ['--mqtt-url', broker.url];
    running = await startConsole(
      ['--users-file', users, '--reports-dir', folder.file('records'), ...common],
      folder.path,
    );
    without = await startConsole(['--no-auth', ...common], folder.path);
    viewer = (await signIn('ana', password)).cookie;
  });
  afterAll(async () => {
    await running?.stop();
    await without?.stop();
    await broker?.stop();
    await folder?.remove();
  });

  const ask = (path: string, cookie: string): Promise<Response> =>
    fetch(`${running.url}api/${path}`, { headers: { cookie } });

  it('are for every signed-in person, with the wards that can be chosen', async () => {
    const answer = await ask('report?ward=2', viewer);
    expect(answer.status).toBe(200);
    const { report, wards } = (await answer.json()) as { report: { rooms: { sourceId: number }[] }; wards: string[] };
    expect(wards).toEqual(['1', '2']);
    expect(report.rooms.map(({ sourceId }) => sourceId)).toEqual([10, 11]);
  });

  it('are not for a wall screen, and not for a request without a sign-in', async () => {
    const token = await writeStation(folder.file('users.json'), { name: 'ward-2', display_name: 'Ward 2' });
    const signed = await post('sign-in/station', { token });
    const station = signed.headers.getSetCookie().map((one) => one.split(';')[0] ?? '');
    expect(await codeOf(await ask('report', station.join('; ')))).toBe('not_allowed');
    expect(await codeOf(await ask('report.csv', ''))).toBe('signed_out');
  });

  it('refuse a period that is none, or longer than anything that is kept', async () => {
    for (const query of ['from=2026-03-02&to=2026-03-01', 'from=2020-01-01&to=2026-01-01']) {
      expect(await codeOf(await ask(`report?${query}`, viewer))).toBe('invalid_params');
    }
    expect(await codeOf(await ask('report?from=yesterday', viewer))).toBe('invalid_request');
  });

  it('are missing with a reason where the console has no folder of the event sink', async () => {
    const session = await fetch(`${without.url}api/session`);
    const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(await codeOf(await fetch(`${without.url}api/report`, { headers: { cookie } }))).toBe('no_reports');
  });
});
