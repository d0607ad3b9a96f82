import { readdir, readFile, stat } from 'node:fs/promises';
import { type TempFolder, tempFolder } from '@vigilia/testing';
import { type DeadLetter, DeadLetters } from './dead-letters.ts';

const letter = (id: string): DeadLetter => {
  const json = JSON.stringify({ event: { id }, message: 'x'.repeat(900) });
  return { output: 'elasticsearch', id, stream: 'events', reason: { type: 't', message: 'm' }, json };
};

describe('the dead letters', () => {
  let folder: TempFolder;
  beforeEach(async () => {
    folder = await tempFolder('dead');
  });
  afterEach(() => folder.remove());

  it('never fill the disk: the oldest files are deleted and reported, the newest letters stay', async () => {
    const maxBytes = 80_000;
    const deleted: string[] = [];
    let nowMs = Date.UTC(2026, 2, 1);
    const letters = new DeadLetters({
      dir: folder.path,
      clock: { now: () => nowMs },
      maxBytes,
      onDeleted: (file) => deleted.push(file),
    });
    for (let n = 0; n < 400; n += 1) {
      await letters.write([letter(`n-${n}`)]);
      nowMs += 10 * 60_000;
    }
    const names = (await readdir(folder.path)).sort();
    const sizes = await Promise.all(names.map(async (name) => (await stat(folder.file(name))).size));
    expect(sizes.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(maxBytes);
    expect(deleted.length).toBeGreaterThan(10);
    expect(deleted[0]).toBe(folder.file('dead-2026-03-01.0001.ndjson'));
    const kept = (await Promise.all(names.map((name) => readFile(folder.file(name), 'utf8')))).join('');
    const ids = [...kept.matchAll(/"id":"n-(\d+)","stream"/g)].map(([, n]) => Number(n)).sort((a, b) => a - b);
    expect(ids.at(-1)).toBe(399);
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, index) => 400 - ids.length + index));
  });
});
