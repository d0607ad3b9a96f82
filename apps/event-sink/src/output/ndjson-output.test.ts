import { appendFile, readdir, readFile } from 'node:fs/promises';
import { type TempFolder, tempFolder } from '@vigilia/testing';
import type { EncodedDocument } from '../documents/document.ts';
import { NdjsonOutput } from './ndjson-output.ts';

const document = (id: string): EncodedDocument => ({
  id,
  stream: 'events',
  json: JSON.stringify({ event: { id }, message: 'x'.repeat(50) }),
});

describe('NDJSON files', () => {
  let folder: TempFolder;
  beforeEach(async () => {
    folder = await tempFolder('ndjson');
  });
  afterEach(() => folder.remove());

  async function output(options: { maxFileBytes?: number; maxFiles?: number } = {}): Promise<NdjsonOutput> {
    const made = new NdjsonOutput({ dir: folder.path, maxFileBytes: 1_000_000, maxFiles: 0, ...options });
    await made.start();
    return made;
  }
  async function ids(): Promise<string[]> {
    const files = (await readdir(folder.path)).sort();
    const texts = await Promise.all(files.map((file) => readFile(folder.file(file), 'utf8')));
    return texts
      .flatMap((text) => text.split('\n').filter((line) => line !== ''))
      .map((line) => (JSON.parse(line) as { event: { id: string } }).event.id);
  }

  it('does not write twice what it wrote before a crash, and cuts a torn line', async () => {
    const before = await output();
    await before.deliver([document('a'), document('b')]);
    await before.stop();
    await appendFile(folder.file('vigilia-000001.ndjson'), '{"event":{"id":"torn"},"mess');
    const after = await output();
    expect(await after.deliver([document('b'), document('torn'), document('c')])).toEqual({
      stored: 2,
      duplicates: 1,
      dead: 0,
    });
    await after.stop();
    expect(await ids()).toEqual(['a', 'b', 'torn', 'c']);
  });

  it('begins a new file at its size, keeps so many, and knows the lines of the file before', async () => {
    const files = await output({ maxFileBytes: 200, maxFiles: 2 });
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
      await files.deliver([document(id)]);
    }
    await files.stop();
    expect((await readdir(folder.path)).sort()).toEqual(['vigilia-000002.ndjson', 'vigilia-000003.ndjson']);
    const again = await output({ maxFileBytes: 200, maxFiles: 2 });
    expect(await again.deliver([document('e')])).toEqual({ stored: 0, duplicates: 1, dead: 0 });
    await again.stop();
  });
});
