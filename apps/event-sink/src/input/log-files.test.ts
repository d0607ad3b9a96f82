import { appendFile, copyFile, rename, truncate, unlink, writeFile } from 'node:fs/promises';
import { systemClock } from '@vigilia/service';
import { eventually, silentLogger, type TempFolder, tempFolder } from '@vigilia/testing';
import { type LogLine, logDocument } from '../documents/log-document.ts';
import { LogFiles } from './log-files.ts';

describe('log files', () => {
  let folder: TempFolder;
  let lines: LogLine[];
  const running: LogFiles[] = [];

  beforeEach(async () => {
    folder = await tempFolder('logs');
    lines = [];
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((files) => files.stop()));
    await folder.remove();
  });

  async function follow(): Promise<LogFiles> {
    const files = new LogFiles({
      paths: [folder.file('app.log')],
      positionsFile: folder.file('state/positions.json'),
      take: async (taken) => void lines.push(...taken),
      clock: systemClock,
      logger: silentLogger(),
      pollMs: 10,
    });
    running.push(files);
    await files.start();
    return files;
  }
  const log = () => folder.file('app.log');
  const seen = (...texts: string[]) => eventually(() => expect(lines.map(({ text }) => text)).toEqual(texts));
  const ids = () => lines.map((line) => logDocument(line, { receivedAtMs: 0, namespace: 'x', localHour: () => 0 }).id);

  it('takes whole lines as they come, a half one when it is whole', async () => {
    await writeFile(log(), 'one\ntwo\nthr');
    await follow();
    await seen('one', 'two');
    await appendFile(log(), 'ee\n');
    await seen('one', 'two', 'three');
  });

  it('loses nothing and repeats nothing when the file is rotated by renaming', async () => {
    await writeFile(log(), 'one\n');
    await follow();
    await seen('one');
    await rename(log(), folder.file('app.log.1'));
    await appendFile(folder.file('app.log.1'), 'written before its writer noticed\n');
    await writeFile(log(), 'one\n');
    await seen('one', 'written before its writer noticed', 'one');
    expect(new Set(ids()).size).toBe(3);
  });

  it('takes the last line of a rotated file though its writer died before the line break, seen or while away', async () => {
    await writeFile(log(), 'one\nhalf a l');
    const first = await follow();
    await seen('one');
    await rename(log(), folder.file('app.log.1'));
    await writeFile(log(), 'next\nagain ha');
    await seen('one', 'half a l', 'next');
    await first.stop();
    await rename(log(), folder.file('app.log.0'));
    await writeFile(log(), 'last\n');
    await follow();
    await seen('one', 'half a l', 'next', 'again ha', 'last');
  });

  it('notices copy and truncate, also when the file has grown beyond the old place', async () => {
    await writeFile(log(), 'one\n');
    await follow();
    await seen('one');
    await copyFile(log(), folder.file('app.log.1'));
    await truncate(log());
    await appendFile(log(), 'another first line, longer\n');
    await seen('one', 'another first line, longer');
  });

  it('after an absence reads the rest of the rotated files, the oldest first', async () => {
    await writeFile(log(), 'one\n');
    const first = await follow();
    await seen('one');
    await first.stop();
    await appendFile(log(), 'two\n');
    await rename(log(), folder.file('app.log.2'));
    await writeFile(folder.file('app.log.1'), 'three\n');
    await writeFile(folder.file('app.log.0.gz'), 'packed\n');
    await writeFile(log(), 'four\n');
    await follow();
    await seen('one', 'two', 'three', 'four');
  });

  it('goes on where it stopped, and waits for a file that is not there yet', async () => {
    const first = await follow();
    await writeFile(log(), 'one\n');
    await seen('one');
    await first.stop();
    await appendFile(log(), 'two\n');
    await follow();
    await seen('one', 'two');
    await unlink(log());
    await writeFile(log(), 'new file\n');
    await seen('one', 'two', 'new file');
  });

  it('takes a line that is too long in pieces instead of waiting for its end', async () => {
    await writeFile(log(), `${'x'.repeat(1_500_000)}\nafter\n`);
    await follow();
    await eventually(() => expect(lines.at(-1)?.text).toBe('after'));
    expect(lines.reduce((sum, { text }) => sum + text.length, 0)).toBe(1_500_005);
  });
});
