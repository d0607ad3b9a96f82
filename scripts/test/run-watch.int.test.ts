import { once } from 'node:events';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, repoRoot, tempFolder } from '@vigilia/testing';
import { watchRun } from './run-watch.mjs';

const limits = { lookMs: 5, afterResultsMs: 60_000, perFileMs: 20 * 60_000 };
const test1 = 'apps/console/src/page/alarms.int.test.ts';
const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

test('a file of tests that hangs ends its run, by name', async () => {
  await using folder = await tempFolder('run-watch');
  const results = folder.file('patient.json');
  await writeFile(`${results}.running`, join(repoRoot, test1));
  const watch = watchRun(results, limits);
  await eventually(() => expect(watch.running()).toEqual([test1]));
  expect(watch.signal.aborted).toBe(false);
  await utimes(`${results}.running`, minutesAgo(21), minutesAgo(21));
  await once(watch.signal, 'abort');
  watch.stop();
  expect(watch.fault()).toBe('no file of tests ended for 21 min');
});

test('a run that has its results but does not end is ended', async () => {
  await using folder = await tempFolder('run-watch');
  const results = folder.file('patient.json');
  await writeFile(results, '{}');
  const watch = watchRun(results, limits);
  await utimes(results, minutesAgo(2), minutesAgo(2));
  await once(watch.signal, 'abort');
  watch.stop();
  expect(watch.fault()).toMatch(/^a test left something open/);
});
