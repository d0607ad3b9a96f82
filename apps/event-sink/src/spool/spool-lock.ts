import { readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, processStartTime } from '@vigilia/service';
import { SpoolError } from './spool-error.ts';

/**
 * Keeps two sinks from writing one spool. The holder is named by pid and start time, so a lock left by kill -9 is not mistaken for a living
 * sink when its pid is used again. (It does not see processes of another container: give each sink its own volume.)
 * @returns releases the lock
 * @throws SpoolError `spool_locked`
 */
export async function lockSpool(dir: string): Promise<() => Promise<void>> {
  const path = join(dir, 'lock');
  const mine = JSON.stringify({ pid: process.pid, startTime: processStartTime(process.pid) });
  for (let attempt = 0; ; attempt += 1) {
    try {
      await writeFile(path, mine, { flag: 'wx' });
      return () => unlink(path).catch(() => undefined);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 0) throw error;
    }
    const holder = await livingHolder(path);
    if (holder !== undefined) {
      throw new SpoolError(
        'spool_locked',
        `The spool ${dir} is in use by process ${holder}; stop it or give this sink its own --spool-dir.`,
      );
    }
    await unlink(path).catch(() => undefined);
  }
}

async function livingHolder(path: string): Promise<number | undefined> {
  try {
    const { pid, startTime } = JSON.parse(await readFile(path, 'utf8')) as { pid?: number; startTime?: number };
    return pid !== undefined && isAlive(pid, startTime) ? pid : undefined;
  } catch {
    return undefined;
  }
}
