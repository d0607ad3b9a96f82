import { readFileSync } from 'node:fs';

/** Clock ticks a second on Linux, on every architecture Node runs on (sysconf(_SC_CLK_TCK)). */
const ticksPerSecond = 100;

/** A process and all it started that still live. */
export function processTree(root: number): number[] {
  const found = [root];
  for (const pid of found) {
    found.push(...children(pid));
  }
  return found;
}

/**
 * CPU seconds, user and system, of a process tree since it began: proc(5), `/proc/[pid]/stat`, fields 14 to 17: the
 * process's own and those of its children that ended and were waited for.
 */
export function cpuSeconds(root: number): number {
  const ticks = processTree(root).reduce((sum, pid) => sum + ticksOf(pid), 0);
  return ticks / ticksPerSecond;
}

/** Memory of a process tree in MB: resident (pages that several share count for each) and proportional (they are divided). */
export function memoryMb(root: number): { resident: number; proportional: number } {
  const sums = { resident: 0, proportional: 0 };
  for (const pid of processTree(root)) {
    const text = read(`/proc/${pid}/smaps_rollup`) ?? '';
    sums.resident += kilobytes(text, 'Rss') / 1024;
    sums.proportional += kilobytes(text, 'Pss') / 1024;
  }
  return sums;
}

/** Seconds of CPU by command name and process id, for a look at where the time goes. */
export function cpuByProcess(root: number): Record<string, number> {
  return Object.fromEntries(
    processTree(root).map((pid) => [`${read(`/proc/${pid}/comm`)?.trim()} ${pid}`, ticksOf(pid) / ticksPerSecond]),
  );
}

function children(pid: number): number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`)?.trim() ?? '';
  return text === '' ? [] : text.split(' ').map(Number);
}

function ticksOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return 0;
  // field 2 is the command in parentheses and may itself hold spaces and parentheses
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}

function kilobytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
}

/** undefined for a process that has ended. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
