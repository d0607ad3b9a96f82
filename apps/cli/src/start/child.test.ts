import { readFile, writeFile } from 'node:fs/promises';
import { eventually, FakeClock, tempFolder } from '@vigilia/testing';
import { ServiceChild } from './child.ts';

async function dyingChild(exitCode: number) {
  const folder = await tempFolder('child');
  const entry = folder.file('main.mjs');
  await writeFile(entry, `console.log('started'); process.exit(${exitCode});`);
  const clock = new FakeClock();
  const deaths: { code: number | null; again: boolean }[] = [];
  const child = new ServiceChild({
    name: 'service',
    entry,
    args: [],
    env: process.env,
    logFile: folder.file('log'),
    clock,
    onDeath: ({ code, again }) => deaths.push({ code, again }),
  });
  child.start();
  const died = (times: number) => eventually(() => expect(deaths).toHaveLength(times));
  const starts = async () => (await readFile(folder.file('log'), 'utf8')).split('started').length - 1;
  const end = async () => {
    await child.stop();
    await folder.remove();
  };
  return { clock, deaths, died, starts, end };
}

test('a service whose session was taken over is started again after 30 s, then after a minute', async () => {
  const { clock, deaths, died, starts, end } = await dyingChild(3);
  await died(1);
  expect(deaths[0]).toEqual({ code: 3, again: true });
  await clock.advance(29_000);
  expect(clock.pending).toBe(1);
  await clock.advance(1000);
  await died(2);
  await clock.advance(59_000);
  expect(clock.pending).toBe(1);
  await clock.advance(1000);
  await died(3);
  await eventually(async () => expect(await starts()).toBe(3));
  await end();
});

test('a service with a mistake in its settings is not started again', async () => {
  const { clock, deaths, died, end } = await dyingChild(2);
  await died(1);
  expect(deaths[0]).toEqual({ code: 2, again: false });
  expect(clock.pending).toBe(0);
  await end();
});
