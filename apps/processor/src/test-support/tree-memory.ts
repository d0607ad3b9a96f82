import { readFileSync } from 'node:fs';

/** Resident memory of a process and all it started, MB. */
export function residentMb(pid: number): number {
  try {
    const [, kb] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kb ?? 0) / 1024 + children(pid).reduce((sum, child) => sum + residentMb(child), 0);
  } catch {
    return 0; // gone meanwhile
  }
}

function children(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(/\s+/).map(Number);
}
