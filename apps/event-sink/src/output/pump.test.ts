import { createBackoff, systemClock } from '@vigilia/service';
import { captureLogger, eventually } from '@vigilia/testing';
import { encodeDocument } from '../documents/document.ts';
import type { Spool } from '../spool/spool.ts';
import { FaultyFiles } from '../test-support/faulty-files.ts';
import { TestSpools } from '../test-support/test-spools.ts';
import type { DeadLetter } from './dead-letters.ts';
import { Pump } from './pump.ts';

const document = (id: string) =>
  encodeDocument({ id, stream: 'events', priority: 'critical', body: { message: 'x'.repeat(400) } });

describe('the pump', () => {
  let spools: TestSpools;
  beforeEach(async () => {
    spools = await TestSpools.create();
  });
  afterEach(() => spools.remove());

  /** A pump whose output fails so many times first, and what it delivered, rejected, counted and logged. */
  function pumpOf(spool: Spool, failures = 0) {
    const { logger, lines } = captureLogger();
    const delivered: string[][] = [];
    const letters: DeadLetter[] = [];
    const damaged: number[] = [];
    let left = failures;
    const pump = new Pump({
      consumer: spool.consumer('out'),
      output: {
        name: 'out',
        start: async () => undefined,
        stop: async () => undefined,
        deliver: async (documents) => {
          left -= 1;
          if (left >= 0) throw new Error('the output is broken');
          delivered.push(documents.map(({ id }) => id));
          return { stored: documents.length, duplicates: 0, dead: 0 };
        },
      },
      deadLetters: { write: async (more) => void letters.push(...more) },
      clock: systemClock,
      logger,
      maxRecords: 2,
      maxBytes: 1_000_000,
      lingerMs: 1,
      onDamage: (records) => damaged.push(records),
      backoff: createBackoff({ minMs: 1, maxMs: 5 }),
    });
    return { pump, lines, delivered, letters, damaged };
  }

  it('delivers around a damaged record, and its bytes are in the dead letters before the batch is done', async () => {
    const filled = await spools.open();
    for (const id of ['a', 'b', 'c']) {
      await filled.append('critical', document(id));
    }
    await filled.close();
    await spools.damage('critical', (data) => {
      data[data.indexOf('events b')] = 0x45;
      return data;
    });
    const spool = await spools.open();
    const { pump, delivered, letters, damaged, lines } = pumpOf(spool);
    await pump.start();
    await eventually(() => expect(delivered.flat()).toEqual(['a', 'c']));
    await pump.stop(1000);
    expect(damaged).toEqual([1]);
    expect(lines).toContainEqual(expect.objectContaining({ event: 'spool_damaged', lost_records: 1 }));
    expect(letters).toMatchObject([{ output: 'out', reason: { type: 'spool_damaged' } }]);
    expect(Buffer.from(letters[0]?.raw ?? '', 'base64').includes('vents b')).toBe(true);
    expect(spool.consumer('out').pendingRecords).toBe(0);
  });

  it('sends a batch again that a broken output did not take, each document once in the end', async () => {
    const spool = await spools.open();
    const ids = Array.from({ length: 7 }, (_, n) => `d${n}`);
    for (const id of ids) {
      await spool.append('critical', document(id));
    }
    const { pump, delivered, lines } = pumpOf(spool, 3);
    await pump.start();
    await eventually(() => expect(delivered.flat()).toEqual(ids));
    await pump.stop(1000);
    expect(lines.filter(({ event }) => event === 'output_failed').length).toBe(3);
    expect(spool.consumer('out').pendingRecords).toBe(0);
  });

  it('on a full disk goes on delivering, so that the sink can take falls again', async () => {
    const files = new FaultyFiles();
    const spool = await spools.open({ files, segmentBytes: 4096 });
    for (let n = 0; n < 30; n += 1) {
      await spool.append('critical', document(`d${n}`));
    }
    files.capacityBytes = spool.bytes;
    await expect(spool.append('critical', document('fall'))).rejects.toMatchObject({ code: 'ENOSPC' });
    const { pump, delivered } = pumpOf(spool);
    await pump.start();
    await eventually(() => spool.append('critical', document('fall')));
    await eventually(() => expect(delivered.flat()).toContain('fall'));
    await pump.stop(1000);
    expect(new Set(delivered.flat()).size).toBe(31);
    expect((await spools.segments('critical')).length).toBe(1);
  });
});
