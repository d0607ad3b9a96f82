import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { captureLogger, eventually, FakeClock } from '@vigilia/testing';
import { FaultyFiles } from '../test-support/faulty-files.ts';
import { LIMITS, readAll, TestSpools } from '../test-support/test-spools.ts';
import { priorities } from './priority.ts';
import { RECORD_HEADER_BYTES } from './record.ts';

const text = (value: string) => Buffer.from(value);

function flipped(data: Buffer, at: number): Buffer {
  data[at] = (data[at] ?? 0) ^ 0x01;
  return data;
}

describe('the spool on a disk that fails', () => {
  let spools: TestSpools;
  beforeEach(async () => {
    spools = await TestSpools.create();
  });
  afterEach(() => spools.remove());

  it('promises a record only after it is synced; detections are written at once and synced within their time', async () => {
    const files = new FaultyFiles();
    const spool = await spools.open({ files, bulkSyncMs: 100_000 });
    await spool.append('critical', text('fall'));
    expect(files.operations).toEqual(['write', 'sync']);
    await spool.append('bulk', text('detection'));
    expect(files.operations).toEqual(['write', 'sync', 'write']);
    await spool.close();
    expect(files.operations).toEqual(['write', 'sync', 'write', 'sync']);
  });

  it('has detections on the disk a second after their arrival, also when the clock is set back meanwhile', async () => {
    const [files, clock] = [new FaultyFiles(), new FakeClock()];
    const spool = await spools.open({ files, clock, bulkSyncMs: 1000 });
    await spool.append('bulk', text('detection'));
    clock.jumpWall(-3_600_000);
    await clock.advance(900);
    expect(files.operations).toEqual(['write']);
    await clock.advance(200);
    await eventually(() => expect(files.operations).toEqual(['write', 'sync']));
  });

  it('cuts off a torn last record, logs it, and continues', async () => {
    const spool = await spools.open();
    await spool.append('critical', text('whole'));
    await spool.close();
    await spools.damage('critical', (whole) => Buffer.concat([whole, whole.subarray(0, whole.length - 3)]));
    const { logger, lines } = captureLogger();
    const again = await spools.open({ logger });
    expect(lines).toContainEqual(expect.objectContaining({ event: 'spool_torn_tail', bytes: 22 }));
    await again.append('critical', text('next'));
    expect(await readAll(again.consumer('out'))).toEqual(['whole', 'next']);
  });

  it('skips a flipped byte, reports exactly how many records it cost, and loses no other', async () => {
    const spool = await spools.open();
    for (let n = 0; n < 10; n += 1) {
      await spool.append('normal', text(`record ${n}`));
    }
    await spool.close();
    const path = await spools.damage('normal', (data) => flipped(data, data.indexOf('record 4')));
    const again = await spools.open();
    await again.append('normal', text('record 10'));
    const batch = await again.consumer('out').read(LIMITS);
    expect(batch?.records.map(({ payload }) => payload.toString())).toEqual(
      [0, 1, 2, 3, 5, 6, 7, 8, 9, 10].map((n) => `record ${n}`),
    );
    expect(batch?.damage).toEqual([expect.objectContaining({ lostRecords: 1, path })]);
    expect(batch?.damage[0]?.raw.includes('ecord 4')).toBe(true);
  });

  it.each([
    ['its text', (data: Buffer) => data.indexOf('record 2')],
    ['its checksum', (data: Buffer) => data.indexOf('record 2') - 2],
    ['its mark', (data: Buffer) => data.indexOf('record 2') - RECORD_HEADER_BYTES],
  ])(
    'a flipped byte in the last record (%s) is reported and kept as a loss, and not cut off as a torn end',
    async (_, at) => {
      const spool = await spools.open();
      for (let n = 0; n < 3; n += 1) {
        await spool.append('critical', text(`record ${n}`));
      }
      await spool.close();
      const path = await spools.damage('critical', (data) => flipped(data, at(data)));
      const { logger, lines } = captureLogger();
      // twice: nothing is written in between, so it is the last segment each time
      const again = await spools.reopen(await spools.open({ logger }));
      expect(lines.map(({ event }) => event)).not.toContain('spool_torn_tail');
      await again.append('critical', text('record 3'));
      const batch = await again.consumer('out').read(LIMITS);
      expect(batch?.records.map(({ payload }) => payload.toString())).toEqual(['record 0', 'record 1', 'record 3']);
      expect(batch?.damage).toEqual([expect.objectContaining({ lostRecords: 1, path })]);
      expect(batch?.damage[0]?.raw.length).toBe(RECORD_HEADER_BYTES + 'record 2'.length);
    },
  );

  it('delivery makes room on a full disk, also while the place in the spool cannot be written', async () => {
    const files = new FaultyFiles();
    const spool = await spools.open({ files, segmentBytes: 4096 });
    for (let n = 0; n < 30; n += 1) {
      await spool.append('critical', text(`fall ${n} ${'x'.repeat(400)}`));
    }
    files.capacityBytes = spool.bytes;
    await expect(spool.append('critical', text('no room'))).rejects.toMatchObject({ code: 'ENOSPC' });
    const consumer = spool.consumer('out');
    const batch = await consumer.read(LIMITS);
    if (batch === undefined) throw new Error('nothing to read');
    await expect(consumer.acknowledge(batch)).rejects.toMatchObject({ code: 'ENOSPC' });
    expect((await spools.segments('critical')).length).toBe(1);
    await spool.append('critical', text('room again'));
    expect(await readAll(consumer)).toEqual(['room again']);
    expect(await readAll((await spools.reopen(spool)).consumer('out'))).toEqual([]);
  });

  it('a disk that turns read-only: refuses what comes, gives what it has, and goes on when it can', async () => {
    const files = new FaultyFiles();
    const spool = await spools.open({ files, segmentBytes: 4096 });
    const before = Array.from({ length: 20 }, (_, n) => `fall ${n} ${'x'.repeat(400)}`);
    for (const one of before) {
      await spool.append('critical', text(one));
    }
    files.readOnly = true;
    for (const priority of priorities) {
      await expect(spool.append(priority, text('refused'))).rejects.toMatchObject({ code: 'EROFS' });
    }
    const batch = await spool.consumer('out').read(LIMITS);
    expect(batch?.records.map(({ payload }) => payload.toString())).toEqual(before);
    if (batch === undefined) throw new Error('nothing to read');
    await expect(spool.consumer('out').acknowledge(batch)).rejects.toMatchObject({ code: 'EROFS' });
    files.readOnly = false;
    await spool.append('critical', text('writable again'));
    expect(await readAll(spool.consumer('out'))).toEqual(['writable again']);
    expect((await spools.segments('critical')).length).toBeLessThanOrEqual(2);
  });

  it('gives a full disk the detections’ room; with nothing to give it refuses, and works again when there is room', async () => {
    const files = new FaultyFiles();
    const spool = await spools.open({ files, segmentBytes: 4096 });
    for (let n = 0; n < 20; n += 1) {
      await spool.append('bulk', text(`detection ${n} ${'x'.repeat(400)}`));
    }
    files.capacityBytes = spool.bytes + 100;
    await spool.append('critical', text(`fall ${'x'.repeat(2000)}`));
    expect(spool.dropped.bulk).toBeGreaterThan(0);
    files.capacityBytes = 0;
    await expect(spool.append('critical', text('no room'))).rejects.toMatchObject({ code: 'ENOSPC' });
    files.capacityBytes = Number.POSITIVE_INFINITY;
    await spool.append('critical', text('room again'));
    const again = await spools.reopen(spool);
    const kept = await readAll(again.consumer('out'));
    expect(kept.filter((one) => !one.startsWith('detection'))).toEqual([`fall ${'x'.repeat(2000)}`, 'room again']);
  });

  it('does not promise what a failed sync may have lost, and writes it again elsewhere', async () => {
    const files = new FaultyFiles();
    const spool = await spools.open({ files });
    await spool.append('critical', text('first'));
    files.failSyncs = 1;
    await expect(spool.append('critical', text('second'))).rejects.toMatchObject({ code: 'EIO' });
    await spool.append('critical', text('second'));
    expect((await spools.segments('critical')).length).toBe(2);
    expect(await readAll(spool.consumer('out'))).toEqual(['first', 'second']);
  });

  it('reports in one sentence that its folder cannot be written', async () => {
    const files = new FaultyFiles();
    files.readOnly = true;
    const opening = spools.open({ files });
    await expect(opening).rejects.toMatchObject({ code: 'spool_unusable' });
    await expect(opening).rejects.toThrow(/cannot be used \(EROFS.*give a writable --spool-dir/);
  });

  it('sends everything again when its cursor is unreadable, and logs that', async () => {
    const spool = await spools.open();
    await spool.append('normal', text('one'));
    const batch = await spool.consumer('out').read(LIMITS);
    if (batch !== undefined) {
      await spool.consumer('out').acknowledge(batch);
    }
    await spool.close();
    await writeFile(join(spools.folder.path, 'out.cursor.json'), '{"lanes": 7');
    const { logger, lines } = captureLogger();
    const again = await spools.open({ logger });
    expect(lines).toContainEqual(expect.objectContaining({ event: 'spool_cursor_damaged', output: 'out' }));
    expect(await readAll(again.consumer('out'))).toEqual(['one']);
  });
});
