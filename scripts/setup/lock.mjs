import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CACHE } from './paths.mjs';
import { say } from './say.mjs';

const LOOK_EVERY_MS = 200;

/**
 * Lets one set-up work at a time: two at once would delete each other's node_modules.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withSetupLock(work) {
  const file = join(CACHE, 'setup.lock');
  await mkdir(CACHE, { recursive: true });
  for (let told = false; !(await take(file)); told = true) {
    if (!told) {
      say('Another set-up is at work in this folder: waiting for it …');
    }
    await sleep(LOOK_EVERY_MS);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** @param {string} file */
async function take(file) {
  const mine = `${file}.${process.pid}`;
  await writeFile(mine, `${process.pid} ${await startTime(process.pid)}`);
  try {
    // Unlike creating and then writing, a link appears with its content.
    await link(mine, file);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  } finally {
    await rm(mine, { force: true });
  }
  const [pid = '', started] = (await readFile(file, 'utf8').catch(() => '')).split(' ');
  // A holder that was killed leaves its file behind.
  if (pid !== '' && (await startTime(Number(pid))) !== started) {
    await rm(file, { force: true });
  }
  return false;
}

/**
 * @param {number} pid
 * @returns {Promise<string>} distinguishes a process from a later one with the same number; where there is no /proc, `?` for a living one
 */
async function startTime(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH') return 'gone';
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')')).split(' ')[20] ?? '?';
}
