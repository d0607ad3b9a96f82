import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { endProcess, isAlive, processStartTime } from './processes.ts';

async function child(script: string): Promise<ChildProcess> {
  const started = spawn(process.execPath, ['-e', `${script}; console.log('ready'); setInterval(() => {}, 1000)`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(started.stdout ?? started, 'data');
  return started;
}

test('a polite process ends by SIGTERM, and the second call agrees', async () => {
  const polite = await child('');
  expect(await endProcess(polite)).toEqual({ code: null, signal: 'SIGTERM', forced: false });
  expect(await endProcess(polite)).toEqual({ code: null, signal: 'SIGTERM', forced: false });
});

test('a stubborn one is killed after the grace period, and that is returned', async () => {
  const stubborn = await child("process.on('SIGTERM', () => {})");
  expect(await endProcess(stubborn, { graceMs: 200 })).toEqual({ code: null, signal: 'SIGKILL', forced: true });
});

test('one that was never started has ended already', async () => {
  const missing = spawn('/nowhere/program');
  await once(missing, 'error');
  expect(await endProcess(missing)).toMatchObject({ forced: false });
});

test('a pid is only the same process with the same start time', async () => {
  const running = await child('');
  const pid = running.pid ?? 0;
  const startTime = processStartTime(pid);
  expect(startTime).toEqual(expect.any(Number));
  expect([isAlive(pid), isAlive(pid, startTime), isAlive(pid, (startTime ?? 0) + 1)]).toEqual([true, true, false]);
  await endProcess(running);
  expect(isAlive(pid, startTime)).toBe(false);
  expect(processStartTime(pid)).toBeUndefined();
});
