import { appendFile, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { FakeClock, type TempFolder, tempFolder } from '@vigilia/testing';
import type { EncodedDocument } from '../documents/document.ts';
import type { Stream } from '../schema/data-streams.ts';
import { type Retention, retentionOf } from '../settings/retention-tables.ts';
import { filesToDelete } from './ndjson-files.ts';
import { NdjsonOutput } from './ndjson-output.ts';

const dayMs = 86_400_000;
const startMs = Date.UTC(2026, 2, 1, 12);
const keptDays = retentionOf({ eventDays: undefined, retentionDays: 30, detectionDays: 3, reportDays: 400 });

const document = (id: string, stream: Stream = 'events'): EncodedDocument => ({
  id,
  stream,
  json: JSON.stringify({ event: { id }, message: 'x'.repeat(50) }),
});

describe('NDJSON files', () => {
  let folder: TempFolder;
  let clock: FakeClock;
  beforeEach(async () => {
    folder = await tempFolder('ndjson');
    clock = new FakeClock(startMs);
  });
  afterEach(() => folder.remove());

  async function output(
    options: { maxFileBytes?: number; maxFiles?: number; keptDays?: Retention } = {},
  ): Promise<NdjsonOutput> {
    const made = new NdjsonOutput({ dir: folder.path, maxFileBytes: 1_000_000, maxFiles: 0, clock, ...options });
    await made.start();
    return made;
  }
  async function names(): Promise<string[]> {
    return (await readdir(folder.path)).sort();
  }
  async function ids(): Promise<string[]> {
    const texts = await Promise.all((await names()).map((file) => readFile(folder.file(file), 'utf8')));
    return texts
      .flatMap((text) => text.split('\n').filter((line) => line !== ''))
      .map((line) => (JSON.parse(line) as { event: { id: string } }).event.id);
  }

  it('does not write twice what it wrote before a crash, and cuts a torn line', async () => {
    const before = await output();
    await before.deliver([document('a'), document('b')]);
    await before.stop();
    await appendFile(folder.file('events-2026-03-01.0001.ndjson'), '{"event":{"id":"torn"},"mess');
    const after = await output();
    expect(await after.deliver([document('b'), document('torn'), document('c')])).toEqual({
      stored: 2,
      duplicates: 1,
      dead: 0,
    });
    await after.stop();
    expect(await ids()).toEqual(['a', 'b', 'torn', 'c']);
  });

  it('begins a new file at its size, and knows the lines of the file before', async () => {
    const files = await output({ maxFileBytes: 200 });
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
      await files.deliver([document(id)]);
    }
    await files.stop();
    expect(await names()).toEqual([
      'events-2026-03-01.0001.ndjson',
      'events-2026-03-01.0002.ndjson',
      'events-2026-03-01.0003.ndjson',
    ]);
    const again = await output({ maxFileBytes: 200 });
    expect(await again.deliver([document('e')])).toEqual({ stored: 0, duplicates: 1, dead: 0 });
    await again.stop();
  });

  it('keeps events of half a year beside detections of three days, however many files of detections there are', () => {
    const at = (day: number) => new Date(startMs + day * dayMs).toISOString().slice(0, 10);
    const files = Array.from({ length: 200 }, (_, day) => [
      { name: `e${day}`, stream: 'events' as const, date: at(day), number: 1 },
      ...Array.from({ length: 10 }, (__, number) => {
        return { name: `d${day}.${number}`, stream: 'detections' as const, date: at(day), number };
      }),
    ]).flat();
    const deleted = filesToDelete(files, { keptDays, maxFiles: 15 });
    const kept = files.filter((file) => !deleted.includes(file)).map(({ name }) => name);
    const events = kept.filter((name) => name.startsWith('e'));
    expect([events.length, events[0]]).toEqual([184, 'e16']);
    const detections = kept.filter((name) => name.startsWith('d'));
    expect([detections.length, detections[0]]).toEqual([15, 'd198.5']);
  });

  it('deletes each stream after its days, not before', async () => {
    const files = await output({ keptDays: { ...keptDays, events: 5, detections: 1, metrics: 2 } });
    for (let day = 0; day <= 7; day += 1) {
      const streams = ['events', 'detections', 'metrics'] as const;
      await files.deliver(streams.map((stream) => document(`${stream}-${day}`, stream)));
      await clock.advance(dayMs);
    }
    await files.stop();
    const of = (stream: string) => ids().then((all) => all.filter((id) => id.startsWith(stream)));
    expect(await of('events')).toEqual([2, 3, 4, 5, 6, 7].map((day) => `events-${day}`));
    expect(await of('detections')).toEqual(['detections-6', 'detections-7']);
    expect(await of('metrics')).toEqual(['metrics-5', 'metrics-6', 'metrics-7']);
  });

  it('deletes nothing because the clock was years ahead once', async () => {
    const files = await output({ keptDays });
    await files.deliver([document('fall')]);
    await clock.advance(5 * 365 * dayMs);
    await files.deliver([document('of-2031')]);
    await files.stop();
    await clock.advance(-5 * 365 * dayMs);
    const again = await output({ keptDays });
    await again.deliver([document('later')]);
    await again.stop();
    expect(await ids()).toEqual(['fall', 'of-2031', 'later']);
  });

  it('keeps files of earlier versions, which hold all streams, for the longest period', async () => {
    await writeFile(folder.file('vigilia-000001.ndjson'), '');
    await writeFile(folder.file('vigilia-000002.ndjson'), '');
    await utimes(folder.file('vigilia-000001.ndjson'), new Date(startMs), new Date(startMs - 401 * dayMs));
    await utimes(folder.file('vigilia-000002.ndjson'), new Date(startMs), new Date(startMs - 399 * dayMs));
    await (await output({ keptDays })).stop();
    expect(await names()).toEqual(['vigilia-000002.ndjson']);
  });
});
