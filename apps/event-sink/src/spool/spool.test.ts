import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { captureLogger } from '@vigilia/testing';
import { FaultyFiles } from '../test-support/faulty-files.ts';
import { readAll, TestSpools } from '../test-support/test-spools.ts';
import type { Priority } from './priority.ts';

const text = (value: string) => Buffer.from(value);

describe('the spool', () => {
  let spools: TestSpools;
  beforeEach(async () => {
    spools = await TestSpools.create();
  });
  afterEach(() => spools.remove());

  it('gives back what was appended, the most important lane first, and after a restart only what was not acknowledged', async () => {
    const spool = await spools.open();
    await Promise.all([
      spool.append('bulk', text('d1')),
      spool.append('normal', text('n1')),
      spool.append('critical', text('c1')),
    ]);
    const batch = await spool.consumer('out').read({ maxRecords: 2, maxBytes: 1000 });
    expect(batch?.records.map(({ payload }) => payload.toString())).toEqual(['c1', 'n1']);
    if (batch !== undefined) {
      await spool.consumer('out').acknowledge(batch);
    }
    const again = await spools.reopen(spool);
    expect(again.consumer('out').pendingRecords).toBe(1);
    expect(await readAll(again.consumer('out'))).toEqual(['d1']);
  });

  it('keeps a record until the slowest output has it, and deletes segments behind it', async () => {
    const spool = await spools.open({ outputs: ['fast', 'slow'], segmentBytes: 4096 });
    const sent = Array.from({ length: 60 }, (_, n) => `${n}:${'x'.repeat(400)}`);
    for (const one of sent) {
      await spool.append('normal', text(one));
    }
    const before = await spools.segments('normal');
    expect(await readAll(spool.consumer('fast'))).toEqual(sent);
    expect(await spools.segments('normal')).toEqual(before);
    expect(await readAll(spool.consumer('slow'))).toEqual(sent);
    expect((await spools.segments('normal')).length).toBe(1);
    expect(before.length).toBeGreaterThan(4);
  });

  it('writes what comes together with one sync', async () => {
    const files = new FaultyFiles();
    const spool = await spools.open({ files });
    await Promise.all(Array.from({ length: 50 }, (_, n) => spool.append('normal', text(String(n)))));
    expect(files.operations.filter((operation) => operation === 'sync').length).toBeLessThanOrEqual(2);
    expect((await readAll(spool.consumer('out'))).length).toBe(50);
  });

  it('drops detections first, then ordinary records, never a fall, and counts those that were not delivered', async () => {
    const dropped: Record<string, number> = {};
    const { logger, lines } = captureLogger();
    const onDropped = (priority: Priority, records: number) => {
      dropped[priority] = (dropped[priority] ?? 0) + records;
    };
    const spool = await spools.open({ maxBytes: 200_000, onDropped, logger });
    const body = 'x'.repeat(980);
    for (let n = 0; n < 60; n += 1) {
      await spool.append('critical', text(`fall ${n} ${body}`));
      await spool.append('normal', text(`log ${n} ${body}`));
      await spool.append('bulk', text(`detection ${n} ${body}`));
    }
    expect(spool.dropped.normal).toBe(0);
    for (let n = 60; n < 190; n += 1) {
      await spool.append('critical', text(`fall ${n} ${body}`));
    }
    expect(spool.bytes).toBeLessThanOrEqual(200_000);
    const kept = await readAll(spool.consumer('out'));
    expect(kept.filter((one) => one.startsWith('fall')).length).toBe(190);
    expect(kept.length + spool.dropped.bulk + spool.dropped.normal).toBe(190 + 60 + 60);
    expect(spool.dropped.bulk).toBe(60);
    expect(dropped).toEqual({ bulk: spool.dropped.bulk, normal: spool.dropped.normal });
    const told = lines.filter(({ event }) => event === 'spool_dropping').map(({ priority }) => priority);
    expect(told).toEqual(['bulk', 'normal']);
  });

  it('takes falls beyond its bound when only falls are left, and refuses the rest', async () => {
    const spool = await spools.open({ maxBytes: 65_536 });
    for (let n = 0; n < 80; n += 1) {
      await spool.append('critical', text(`fall ${n} ${'x'.repeat(1000)}`));
    }
    expect(spool.bytes).toBeGreaterThan(65_536);
    await expect(spool.append('normal', text('log'))).rejects.toMatchObject({ code: 'spool_full' });
    await expect(spool.append('bulk', text('detection'))).rejects.toMatchObject({ code: 'spool_full' });
    expect(spool.dropped).toEqual({ critical: 0, normal: 1, bulk: 1 });
    expect((await readAll(spool.consumer('out'))).length).toBe(80);
  });

  it('refuses a folder in use, and takes over the lock of a process that has ended', async () => {
    const spool = await spools.open();
    await expect(spools.open()).rejects.toMatchObject({ code: 'spool_locked' });
    await spool.close();
    await writeFile(join(spools.folder.path, 'lock'), JSON.stringify({ pid: 2 ** 22 - 3, startTime: 1 }));
    await expect(spools.open()).resolves.toBeDefined();
  });

  it('never uses a sequence number twice, or an old cursor would skip new records', async () => {
    const spool = await spools.open({ maxBytes: 65_536 });
    for (let n = 0; n < 3; n += 1) {
      await spool.append('bulk', text(`early ${n}`));
    }
    await readAll(spool.consumer('out'));
    for (let n = 0; n < 80; n += 1) {
      await spool.append('critical', text(`fall ${'x'.repeat(1000)}`));
    }
    expect(await spools.segments('bulk')).toEqual([]);
    await readAll(spool.consumer('out'));
    const again = await spools.reopen(spool);
    await again.append('bulk', text('late'));
    expect(await readAll(again.consumer('out'))).toEqual(['late']);
  });

  it('reads a record that is larger than the batch limit', async () => {
    const spool = await spools.open();
    const large = 'y'.repeat(50_000);
    await spool.append('normal', text(large));
    await spool.append('normal', text('small'));
    const batch = await spool.consumer('out').read({ maxRecords: 10, maxBytes: 1000 });
    expect(batch?.records[0]?.payload.length).toBe(50_000);
    expect((await readAll(spool.consumer('out'))).at(-1)).toBe('small');
  });
});
