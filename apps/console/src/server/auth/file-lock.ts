import { mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '@vigilia/service';

/** A change takes milliseconds: a lock that is older was left by a process that ended in the middle. */
const abandonedMs = 10_000;
const waitMs = 5000;
const pollMs = 25;

/**
 * Runs a change of a file while no other process changes it: `path.lock` exists meanwhile.
 * @throws UsageError `file_busy` when another process keeps the lock for 5 s; what the change throws; the system's error
 */
export async function withFileLock<T>(path: string, change: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`;
  await mkdir(dirname(path), { recursive: true });
  const endMs = performance.now() + waitMs;
  while (!(await take(lock))) {
    if (performance.now() > endMs) throw busy(path, lock);
    await sleep(pollMs);
  }
  try {
    return await change();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const sinceMs = await stat(lock).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
  if (sinceMs !== undefined && Date.now() - sinceMs > abandonedMs) {
    await rm(lock, { force: true });
  }
  return false;
}

function busy(path: string, lock: string): UsageError {
  return new UsageError({
    code: 'file_busy',
    message: `Another process is changing ${path}; nothing was changed.`,
    remedy: `Try again. If no process is changing it, remove ${lock}.`,
  });
}
