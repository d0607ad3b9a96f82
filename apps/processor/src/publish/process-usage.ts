import { readFileSync } from 'node:fs';

/** Memory and CPU of this process and all it started. */
export interface ProcessUsage {
  readonly memoryBytes: number;
  /** Of one core, since the last look; undefined at the first. */
  readonly cpuPercent: number | undefined;
}

/** Clock ticks a second on Linux, for every architecture Node runs on (sysconf(_SC_CLK_TCK)). */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Looks at /proc; on other systems it knows this process only. */
export class ProcessUsageMeter {
  #last: { atMs: number; ticks: Map<number, number> } | undefined;

  /** @param nowMs monotonic, ms. */
  read(nowMs: number): ProcessUsage {
    const ticks = new Map<number, number>();
    let memoryBytes = 0;
    for (const pid of processTree(process.pid)) {
      const stat = readStat(pid);
      if (stat === undefined) continue;
      ticks.set(pid, stat.ticks);
      memoryBytes += stat.rssBytes;
    }
    const last = this.#last;
    this.#last = { atMs: nowMs, ticks };
    return {
      memoryBytes: memoryBytes > 0 ? memoryBytes : process.memoryUsage.rss(),
      cpuPercent: last === undefined || nowMs <= last.atMs ? undefined : cpuPercent(last, ticks, nowMs),
    };
  }
}

/** A process that ended meanwhile is left out: its ticks are not known any more. */
function cpuPercent(
  last: { atMs: number; ticks: Map<number, number> },
  ticks: Map<number, number>,
  nowMs: number,
): number {
  let used = 0;
  for (const [pid, now] of ticks) {
    used += Math.max(0, now - (last.ticks.get(pid) ?? 0));
  }
  return ((used / TICKS_PER_SECOND) * 1000 * 100) / (nowMs - last.atMs);
}

function processTree(root: number): number[] {
  const found = [root];
  for (const pid of found) {
    found.push(...children(pid));
  }
  return found;
}

/** proc(5): `/proc/[pid]/task/[tid]/children`. A child belongs to the thread that started it. */
function children(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  } catch {
    return [];
  }
}

/** proc(5), `/proc/[pid]/stat`: fields 14 and 15 are user and system ticks, field 24 is the resident set in pages. */
function readStat(pid: number): { ticks: number; rssBytes: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // field 2 is the command in parentheses and may itself hold spaces and parentheses
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { ticks: Number(fields[11]) + Number(fields[12]), rssBytes: Number(fields[21]) * PAGE_BYTES };
  } catch {
    return undefined;
  }
}
