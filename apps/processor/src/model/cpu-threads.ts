import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { cpuProvider } from '../config/provider-order.ts';

/** CPUs a cgroup may use, from `cpu.max` (v2: "200000 100000" or "max 100000"); undefined = no limit. */
export function quotaV2(text: string): number | undefined {
  const [quota, period] = text.trim().split(/\s+/).map(Number);
  return quota !== undefined && period !== undefined && quota > 0 && period > 0 ? quota / period : undefined;
}

/** The same from v1's `cpu.cfs_quota_us` (−1 = no limit) and `cpu.cfs_period_us`. */
export function quotaV1(quotaText: string, periodText: string): number | undefined {
  return quotaV2(`${quotaText.trim()} ${periodText.trim()}`);
}

/** Threads for a number of processors and a quota: whole CPUs, rounded up (half a CPU still needs a thread), at least one. */
export function threadsFor(processors: number, quota: number | undefined): number {
  return Math.max(1, Math.min(processors, Math.ceil(quota ?? processors)));
}

/** Threads of a model beside what computes it: an accelerator leaves little to the CPU. */
export function threadsBeside(provider: string): number {
  return provider === cpuProvider ? cpuThreads() : 1;
}

/** Threads a model may use here. `os.availableParallelism()` can ignore a container's CPU quota, so that is read too. */
export function cpuThreads(read: (path: string) => string = (path) => readFileSync(path, 'utf8')): number {
  const tryRead = <T>(parse: () => T): T | undefined => {
    try {
      return parse();
    } catch {
      return undefined;
    }
  };
  const quota =
    tryRead(() => quotaV2(read('/sys/fs/cgroup/cpu.max'))) ??
    tryRead(() => quotaV1(read('/sys/fs/cgroup/cpu/cpu.cfs_quota_us'), read('/sys/fs/cgroup/cpu/cpu.cfs_period_us')));
  return threadsFor(availableParallelism(), quota);
}
