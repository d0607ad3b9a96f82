import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { within } from './within.ts';

/** How a child process ended. `forced`: it did not end within the grace period and was killed. */
export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  forced: boolean;
}

/**
 * Ends a child process: SIGTERM, `graceMs` of patience, then SIGKILL. Resolves when it has ended, also when it already had.
 */
export async function endProcess(
  child: ChildProcess,
  { graceMs = 3000 }: { graceMs?: number } = {},
): Promise<ProcessEnd> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return { code: child.exitCode, signal: child.signalCode, forced: false };
  }
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  using grace = within(graceMs);
  child.kill('SIGTERM');
  await grace.waitFor(gone);
  if (grace.passed) {
    child.kill('SIGKILL');
  }
  await gone;
  return { code: child.exitCode, signal: child.signalCode, forced: grace.passed };
}

/**
 * When a process started, in clock ticks since boot; `undefined` when there is no such process (or it is a zombie).
 * Together with the pid it names one process for ever, because pids are used again. Source: proc(5), field 22 of
 * `/proc/<pid>/stat`.
 */
export function processStartTime(pid: number): number | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // field 2 is the command in parentheses and may itself hold spaces and parentheses
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : Number(fields[19]);
}

/** Whether the process is still there and, when `startTime` is given, still the one that was meant. */
export function isAlive(pid: number, startTime?: number): boolean {
  const found = processStartTime(pid);
  return found !== undefined && (startTime === undefined || found === startTime);
}
