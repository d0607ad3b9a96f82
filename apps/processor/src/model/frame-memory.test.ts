import { readdirSync, readSync } from 'node:fs';
import { tempFolder } from '@vigilia/testing';
import { openFrameMemory } from './frame-memory.ts';

test('frames in flight do not overwrite each other, and no file is left behind', async () => {
  const folder = await tempFolder('memory');
  const memory = openFrameMemory(['/nowhere', folder.path]);
  expect(readdirSync(folder.path)).toEqual([]);
  const read = (offset: number): number[] => {
    const target = Buffer.alloc(3);
    readSync(memory.fd, target, 0, 3, offset);
    return [...target];
  };
  const first = memory.put(Uint8Array.from([1, 2, 3]));
  const second = memory.put(Uint8Array.from([4, 5, 6]));
  expect([read(first), read(second)]).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  memory.release(first);
  expect(memory.put(Uint8Array.from([7, 8, 9]))).toBe(first);
  expect(read(second)).toEqual([4, 5, 6]);
  memory.close();
  memory.close();
  await folder.remove();
});

test('a machine without space for it gets an error', () => {
  expect(() => openFrameMemory(['/nowhere'])).toThrow(/ENOENT/);
});

it('no folder that can be written: one sentence that names each, why, and what to do', () => {
  const open = () => openFrameMemory(['/nonexistent-a', '/nonexistent-b']);
  expect(open).toThrow(/no folder for them can be written \(\/nonexistent-a: ENOENT, \/nonexistent-b: ENOENT\)/);
  expect(open).toThrow(
    expect.objectContaining({ code: 'frame_memory_unusable', remedy: expect.stringContaining('TMPDIR') }),
  );
});
