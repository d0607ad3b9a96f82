import { addMinute, newDay, siteTime } from '@vigilia/reports';
import { dayFile } from '@vigilia/reports/files';
import { parseSettings, UsageError, writeFileAtomic } from '@vigilia/service';
import { type TempFolder, tempFolder } from '@vigilia/testing';
import { runReport } from './run-report.ts';
import { reportSpec } from './settings/report-settings.ts';

const nowMs = Date.UTC(2026, 2, 9, 9);

describe('vigilia report', () => {
  let folder: TempFolder;
  beforeAll(async () => {
    folder = await tempFolder('report');
    for (const date of ['2026-03-02', '2026-03-03', '2026-03-08']) {
      const day = newDay(date, 'Europe/Madrid');
      addMinute(day, {
        sourceId: 4,
        startMs: siteTime('Europe/Madrid').at(date, 600),
        bootId: 'a',
        roomName: 'Blue',
        ward: '2',
        recordedMs: 60_000,
        frames: 6,
        gaps: { unwatched: { processor_offline: 30_000 }, blind: {} },
      });
      await writeFileAtomic(dayFile(folder.path, date), JSON.stringify(day));
    }
  });
  afterAll(() => folder.remove());

  const report = (...argv: string[]) =>
    runReport(parseSettings(reportSpec, ['--reports-dir', folder.path, ...argv], {}), nowMs);
  const refusal = async (...argv: string[]): Promise<string> => {
    try {
      await report(...argv);
    } catch (error) {
      if (error instanceof UsageError) return `${error.code}: ${error.message} ${error.remedy ?? ''}`;
      throw error;
    }
    throw new Error('It was not refused.');
  };

  it('shows the last seven days without any flag, and reports the days of which nothing is stored', async () => {
    const { output, warnings } = await report();
    expect(output).toMatch(/^Report: 2 Mar 2026 to 8 Mar 2026 · All wards · Times by the clock of Europe\/Madrid\n/);
    expect(output).toMatch(/Processor offline +1\.5 +1\n/);
    expect(warnings).toEqual([
      'There are no records of 4 days between 2026-03-04 and 2026-03-07: the event sink did not run, or they were deleted.',
    ]);
  });

  it('writes CSV, Spanish HTML and JSON', async () => {
    expect((await report('--csv', '--ward', '2')).output).toContain('unwatched,processor_offline,seconds,90');
    expect((await report('--html', '--language', 'es')).output).toContain('Procesador sin conexión');
    expect(JSON.parse((await report('--json')).output)).toMatchObject({ unwatched: [{ ms: 90_000, rooms: 1 }] });
  });

  it.each([
    [
      ['--from', '2026-03-09', '--to', '2026-03-02'],
      /^invalid_settings: .*--from 2026-03-09 must not be after --to 2026-03-02/,
    ],
    [['--csv', '--html'], /^invalid_settings: .*exclude each other/],
    [['--from', '2026-02-30'], /^invalid_settings: .*must be a day such as 2026-03-01/],
    [['--shifts', '7,15'], /^invalid_settings: .*must be a list of times such as 07:00/],
    [['--ward', '9'], /^unknown_ward: No room belongs to the ward 9\. There are 2\. Wards are set in the policy/],
    [
      ['--reports-dir', '/nowhere'],
      /^no_records: There are no records from 2026-03-01 to 2026-03-10 in \/nowhere\. Give/,
    ],
    [
      ['--from', '2024-01-01', '--to', '2024-01-02', '--reports-dir', '/dev/null'],
      /^records_unreadable: .*ENOTDIR.* Give the folder/,
    ],
  ])('refuses %j with what is expected and what to do', async (argv, expected) => {
    expect(await refusal(...argv)).toMatch(expected);
  });
});
