import { readdir, readFile, writeFile } from 'node:fs/promises';
import { type TempFolder, tempFolder } from '@vigilia/testing';
import type { EncodedDocument } from '../documents/document.ts';
import { redeliver } from './redeliver.ts';

const letter = (id: string) =>
  JSON.stringify({
    at: '2026-03-01T00:00:00.000Z',
    output: 'elasticsearch',
    id,
    stream: 'events',
    reason: { type: 't' },
    document: { event: { id } },
  });

describe('the redelivery of dead letters', () => {
  let folder: TempFolder;
  beforeEach(async () => {
    folder = await tempFolder('redelivery');
  });
  afterEach(() => folder.remove());

  /** Two documents a request; ends like a killed process after so many of them. */
  async function run(into: string[], requests = Number.POSITIVE_INFINITY) {
    let left = requests;
    const deliver = async (documents: readonly EncodedDocument[]) => {
      left -= 1;
      if (left < 0) throw new Error('killed');
      into.push(...documents.map(({ id }) => id));
      return { stored: documents.length, duplicates: 0, dead: 0 };
    };
    return redeliver({ dir: folder.path, output: { deliver }, batchRecords: 2, signal: new AbortController().signal });
  }

  it('that died in the middle of a file is begun again by the next: every letter is sent, and the file goes then', async () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await writeFile(folder.file('dead-2026-03-01.ndjson'), ids.map((id) => `${letter(id)}\n`).join(''));
    const sent: string[] = [];
    await expect(run(sent, 1)).rejects.toThrow('killed');
    expect(await readdir(folder.path)).toEqual(['dead-2026-03-01.ndjson.replaying']);
    // the sink buries another one meanwhile, on the same day
    await writeFile(folder.file('dead-2026-03-01.ndjson'), `${letter('f')}\n`);
    await expect(run(sent)).resolves.toMatchObject({ files: 2, stored: 6, unreadable: 0 });
    expect(new Set(sent)).toEqual(new Set([...ids, 'f']));
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('keeps what it cannot read, and reports how much that is', async () => {
    await writeFile(folder.file('dead-2026-03-01.ndjson'), `${letter('a')}\n{"raw": "AAAA"}\nno JSON\n`);
    const sent: string[] = [];
    await expect(run(sent)).resolves.toMatchObject({ files: 1, stored: 1, unreadable: 2 });
    const [kept = ''] = await readdir(folder.path);
    expect(kept).toBe('dead-2026-03-01.ndjson.unreadable');
    expect(await readFile(folder.file(kept), 'utf8')).toContain('"raw": "AAAA"');
  });
});
