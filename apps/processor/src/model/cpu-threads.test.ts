import { cpuThreads, quotaV1, quotaV2, threadsFor } from './cpu-threads.ts';

test.each([
  ['200000 100000\n', 2],
  ['50000 100000', 0.5],
  ['max 100000', undefined],
  ['', undefined],
])('cgroup v2 "%s"', (text, expected) => {
  expect(quotaV2(text)).toBe(expected);
});

test('cgroup v1, where −1 means no limit', () => {
  expect(quotaV1('150000\n', '100000\n')).toBe(1.5);
  expect(quotaV1('-1', '100000')).toBeUndefined();
});

test.each([
  [8, undefined, 8],
  [8, 2, 2],
  [8, 1.5, 2],
  [8, 0.5, 1],
  [2, 16, 2],
])('%i processors with a quota of %p: %i threads', (processors, quota, expected) => {
  expect(threadsFor(processors, quota)).toBe(expected);
});

test('a container held to one CPU gets one thread, in either version of cgroups', () => {
  const files = (content: Record<string, string>) => (path: string) => {
    const text = content[path];
    if (text === undefined) throw new Error('ENOENT');
    return text;
  };
  expect(cpuThreads(files({ '/sys/fs/cgroup/cpu.max': '100000 100000' }))).toBe(1);
  const v1 = { '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '100000', '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000' };
  expect(cpuThreads(files(v1))).toBe(1);
  expect(cpuThreads(files({}))).toBeGreaterThanOrEqual(1);
});
