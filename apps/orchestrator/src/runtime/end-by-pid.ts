import { type Clock, isAlive } from '@vigilia/service';

const lookMs = 50;

/**
 * Ends a process that need not be our child: SIGTERM, `graceMs` of patience, then SIGKILL for it and its group (it was
 * started as the leader of one, so its ffmpeg goes too). Resolves when it has ended.
 */
export async function endByPid(options: {
  pid: number;
  startTime: number | undefined;
  graceMs: number;
  clock: Clock;
}): Promise<{ forced: boolean }> {
  const { pid, startTime, graceMs, clock } = options;
  send(pid, 'SIGTERM');
  if (await gone(options, graceMs)) return { forced: false };
  send(-pid, 'SIGKILL');
  send(pid, 'SIGKILL');
  if (!(await gone({ pid, startTime, clock }, 5000))) throw new Error(`process ${pid} does not end`);
  return { forced: true };
}

async function gone(
  { pid, startTime, clock }: { pid: number; startTime: number | undefined; clock: Clock },
  limitMs: number,
): Promise<boolean> {
  const end = clock.monotonic() + limitMs;
  while (isAlive(pid, startTime)) {
    if (clock.monotonic() >= end) return false;
    await clock.sleep(lookMs);
  }
  return true;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
