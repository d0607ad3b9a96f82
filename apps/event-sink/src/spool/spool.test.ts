import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@vigilia/service';
import { captureLogger, silentLogger, type TempFolder, tempFolder } from '@vigilia/testing';
import { FaultyFiles } from '../test-support/faulty-files.ts';
import type { Consumer } from './consumer.ts';
import type { Priority } from './priority.ts';
import { Spool, type SpoolOptions } from './spool.ts';

const LIMITS = { maxRecords: 1000, maxBytes: 1_000_000 };
const text = (value: string) => Buffer.from(value);

describe('the spool', () => {
  let folder: TempFolder;
  let open: Spool[] = [];

  beforeEach(async () => {
    folder = await tempFolder('spool');
  });
  afterEach(async () => {
    await Promise.all(open.map((spool) => spool.close()));
    open = [];
    await folder.remove();
  });

  async function openSpool(options: Partial<SpoolOptions> = {}): Promise<Spool> {
    const spool = new Spool({
      dir: folder.path,
      maxBytes: 10_000_000,
      outputs: ['out'],
      clock: systemClock,
      logger: silentLogger(),
      ...options,
    });
    await spool.open();
    open.push(spool);
    return spool;
  }

  async function reopen(spool: Spool, options: Partial<SpoolOptions> = {}): Promise<Spool> {
    await spool.close();
    return openSpool(options);
  }

  async function readAll(consumer: Consumer): Promise<string[]> {
    const found: string[] = [];
    for (let batch = await consumer.read(LIMITS); batch !== undefined; batch = await consumer.read(LIMITS)) {
      found.push(...batch.records.map(({ payload }) => payload.toString()));
      await consumer.acknowledge(batch);
    }
    return found;
  }

  const segments = (lane: Priority) => readdir(join(folder.path, lane)).then((names) => names.sort());

  it('gives back what was appended, the most important lane first, and after a restart only what was not acknowledged', async () => {
    const spool = await openSpool();
    await Promise.all([
      spool.append('bulk', text('d1')),
      spool.append('normal', text('n1')),
      spool.append('critical', text('c1')),
    ]);
    const batch = await spool.consumer('out').read({ maxRecords: 2, maxBytes: 1000 });
    expect(batch?.records.map(({ payload }) => payload.toString())).toEqual(['c1', 'n1']);
    if (batch !== undefined) await spool.consumer('out').acknowledge(batch);
    const again = await reopen(spool);
    expect(again.consumer('out').pendingRecords).toBe(1);
    expect(await readAll(again.consumer('out'))).toEqual(['d1']);
  });

  it('keeps a record until the slowest output has it, and deletes segments behind it', async () => {
    const spool = await openSpool({ outputs: ['fast', 'slow'], segmentBytes: 4096 });
    const sent = Array.from({ length: 60 }, (_, n) => `${n}:${'x'.repeat(400)}`);
    for (const one of sent) await spool.append('normal', text(one));
    const before = await segments('normal');
    expect(await readAll(spool.consumer('fast'))).toEqual(sent);
    expect(await segments('normal')).toEqual(before);
    expect(await readAll(spool.consumer('slow'))).toEqual(sent);
    expect((await segments('normal')).length).toBe(1);
    expect(before.length).toBeGreaterThan(4);
  });

  it('promises a record only after it is synced; detections are written at once and synced within their time', async () => {
    const files = new FaultyFiles();
    const spool = await openSpool({ files, bulkSyncMs: 100_000 });
    await spool.append('critical', text('fall'));
    expect(files.operations).toEqual(['write', 'sync']);
    await spool.append('bulk', text('detection'));
    expect(files.operations).toEqual(['write', 'sync', 'write']);
    await spool.close();
    expect(files.operations).toEqual(['write', 'sync', 'write', 'sync']);
  });

  it('writes what comes together with one sync', async () => {
    const files = new FaultyFiles();
    const spool = await openSpool({ files });
    await Promise.all(Array.from({ length: 50 }, (_, n) => spool.append('normal', text(String(n)))));
    expect(files.operations.filter((operation) => operation === 'sync').length).toBeLessThanOrEqual(2);
    expect((await readAll(spool.consumer('out'))).length).toBe(50);
  });

  it('cuts a torn last record, says so, and goes on', async () => {
    const spool = await openSpool();
    await spool.append('critical', text('whole'));
    await spool.close();
    const path = join(folder.path, 'critical', (await segments('critical'))[0] ?? '');
    const whole = await readFile(path);
    await writeFile(path, Buffer.concat([whole, whole.subarray(0, whole.length - 3)]));
    const { logger, lines } = captureLogger();
    const again = await openSpool({ logger });
    expect(lines).toContainEqual(expect.objectContaining({ event: 'spool_torn_tail', bytes: whole.length - 3 }));
    await again.append('critical', text('next'));
    expect(await readAll(again.consumer('out'))).toEqual(['whole', 'next']);
  });

  it('skips a flipped byte, says exactly how many records it cost, and loses no other', async () => {
    const spool = await openSpool();
    for (let n = 0; n < 10; n += 1) await spool.append('normal', text(`record ${n}`));
    await spool.close();
    const path = join(folder.path, 'normal', (await segments('normal'))[0] ?? '');
    const data = await readFile(path);
    const at = data.indexOf('record 4');
    data[at] = 0x00;
    await writeFile(path, data);
    const again = await openSpool();
    await again.append('normal', text('record 10'));
    const batch = await again.consumer('out').read(LIMITS);
    expect(batch?.records.map(({ payload }) => payload.toString())).toEqual(
      [0, 1, 2, 3, 5, 6, 7, 8, 9, 10].map((n) => `record ${n}`),
    );
    expect(batch?.damage).toEqual([expect.objectContaining({ lostRecords: 1, path })]);
    expect(batch?.damage[0]?.raw.includes('ecord 4')).toBe(true);
  });

  it('drops detections first, then the ordinary, never a fall, and counts what nobody had', async () => {
    const dropped: Record<string, number> = {};
    const onDropped = (priority: Priority, records: number) => {
      dropped[priority] = (dropped[priority] ?? 0) + records;
    };
    const spool = await openSpool({ maxBytes: 200_000, onDropped });
    const body = 'x'.repeat(980);
    for (let n = 0; n < 60; n += 1) {
      await spool.append('critical', text(`fall ${n} ${body}`));
      await spool.append('normal', text(`log ${n} ${body}`));
      await spool.append('bulk', text(`detection ${n} ${body}`));
    }
    expect(spool.dropped.normal).toBe(0);
    for (let n = 60; n < 190; n += 1) await spool.append('critical', text(`fall ${n} ${body}`));
    expect(spool.bytes).toBeLessThanOrEqual(200_000);
    const kept = await readAll(spool.consumer('out'));
    expect(kept.filter((one) => one.startsWith('fall')).length).toBe(190);
    expect(kept.length + spool.dropped.bulk + spool.dropped.normal).toBe(190 + 60 + 60);
    expect(spool.dropped.bulk).toBe(60);
    expect(dropped).toEqual({ bulk: spool.dropped.bulk, normal: spool.dropped.normal });
  });

  it('takes falls beyond its bound when only falls are left, and refuses the rest', async () => {
    const spool = await openSpool({ maxBytes: 65_536 });
    for (let n = 0; n < 80; n += 1) await spool.append('critical', text(`fall ${n} ${'x'.repeat(1000)}`));
    expect(spool.bytes).toBeGreaterThan(65_536);
    await expect(spool.append('normal', text('log'))).rejects.toMatchObject({ code: 'spool_full' });
    await expect(spool.append('bulk', text('detection'))).rejects.toMatchObject({ code: 'spool_full' });
    expect(spool.dropped).toEqual({ critical: 0, normal: 1, bulk: 1 });
    expect((await readAll(spool.consumer('out'))).length).toBe(80);
  });

  it('gives a full disk the detections’ room; with nothing to give it refuses, and works again when there is room', async () => {
    const files = new FaultyFiles();
    const spool = await openSpool({ files, segmentBytes: 4096 });
    for (let n = 0; n < 20; n += 1) await spool.append('bulk', text(`detection ${n} ${'x'.repeat(400)}`));
    files.capacityBytes = spool.bytes + 100;
    await spool.append('critical', text(`fall ${'x'.repeat(2000)}`));
    expect(spool.dropped.bulk).toBeGreaterThan(0);
    files.capacityBytes = 0;
    await expect(spool.append('critical', text('no room'))).rejects.toMatchObject({ code: 'ENOSPC' });
    files.capacityBytes = Number.POSITIVE_INFINITY;
    await spool.append('critical', text('room again'));
    const again = await reopen(spool);
    const kept = await readAll(again.consumer('out'));
    expect(kept.filter((one) => !one.startsWith('detection'))).toEqual([`fall ${'x'.repeat(2000)}`, 'room again']);
  });

  it('does not promise what a failed sync may have lost, and writes it again elsewhere', async () => {
    const files = new FaultyFiles();
    const spool = await openSpool({ files });
    await spool.append('critical', text('first'));
    files.failSyncs = 1;
    await expect(spool.append('critical', text('second'))).rejects.toMatchObject({ code: 'EIO' });
    await spool.append('critical', text('second'));
    expect((await segments('critical')).length).toBe(2);
    expect(await readAll(spool.consumer('out'))).toEqual(['first', 'second']);
  });

  it('says in one sentence that its folder cannot be written', async () => {
    const files = new FaultyFiles();
    files.readOnly = true;
    const opening = openSpool({ files });
    await expect(opening).rejects.toMatchObject({ code: 'spool_unusable' });
    await expect(opening).rejects.toThrow(/cannot be used \(EROFS.*give a writable --spool-dir/);
  });

  it('refuses a folder in use, and takes over the lock of a process that is gone', async () => {
    const spool = await openSpool();
    await expect(openSpool()).rejects.toMatchObject({ code: 'spool_locked' });
    await spool.close();
    await writeFile(join(folder.path, 'lock'), JSON.stringify({ pid: 2 ** 22 - 3, startTime: 1 }));
    await expect(openSpool()).resolves.toBeDefined();
  });

  it('never uses a sequence number twice, or an old cursor would skip new records', async () => {
    const spool = await openSpool({ maxBytes: 65_536 });
    for (let n = 0; n < 3; n += 1) await spool.append('bulk', text(`early ${n}`));
    await readAll(spool.consumer('out'));
    for (let n = 0; n < 80; n += 1) await spool.append('critical', text(`fall ${'x'.repeat(1000)}`));
    expect(await segments('bulk')).toEqual([]);
    await readAll(spool.consumer('out'));
    const again = await reopen(spool);
    await again.append('bulk', text('late'));
    expect(await readAll(again.consumer('out'))).toEqual(['late']);
  });

  it('sends everything again when its cursor is unreadable, and says so', async () => {
    const spool = await openSpool();
    await spool.append('normal', text('one'));
    const batch = await spool.consumer('out').read(LIMITS);
    if (batch !== undefined) await spool.consumer('out').acknowledge(batch);
    await spool.close();
    await writeFile(join(folder.path, 'out.cursor.json'), '{"lanes": 7');
    const { logger, lines } = captureLogger();
    const again = await openSpool({ logger });
    expect(lines).toContainEqual(expect.objectContaining({ event: 'spool_cursor_damaged', output: 'out' }));
    expect(await readAll(again.consumer('out'))).toEqual(['one']);
  });

  it('reads a record that is larger than the batch limit', async () => {
    const spool = await openSpool();
    const large = 'y'.repeat(50_000);
    await spool.append('normal', text(large));
    await spool.append('normal', text('small'));
    const batch = await spool.consumer('out').read({ maxRecords: 10, maxBytes: 1000 });
    expect(batch?.records[0]?.payload.length).toBe(50_000);
    expect((await readAll(spool.consumer('out'))).at(-1)).toBe('small');
  });
});
