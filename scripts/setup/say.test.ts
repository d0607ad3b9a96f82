import { jest } from '@jest/globals';
import { duration, saying } from './say.mjs';

afterEach(() => {
  jest.useRealTimers();
});

test('long work is reported again and again, and no more once it is done', async () => {
  jest.useFakeTimers();
  const lines: string[] = [];
  const work = () => new Promise<string>((resolve) => setTimeout(resolve, 25_000, 'done'));
  const result = saying('Building', work, { write: (line) => lines.push(line) });
  await jest.advanceTimersByTimeAsync(60_000);
  expect(await result).toBe('done');
  expect(lines).toEqual(['Building …', 'Building: still at it after 10 s …', 'Building: still at it after 20 s …']);
});

test('passes a failure on to the caller', async () => {
  const lines: string[] = [];
  const work = () => Promise.reject(new Error('no disk'));
  await expect(saying('Building', work, { write: (line) => lines.push(line) })).rejects.toThrow('no disk');
  expect(lines).toHaveLength(1);
});

test('durations are written as people write them', () => {
  expect([duration(9_600), duration(80_000)]).toEqual(['10 s', '1 min 20 s']);
});
