import { readdir, writeFile } from 'node:fs/promises';
import { computeReport } from '@vigilia/reports';
import { dayFile, readRecords } from '@vigilia/reports/files';
import { captureLogger, type TempFolder, tempFolder } from '@vigilia/testing';
import { decodeDocument, type EncodedDocument, encodeDocument, type SinkDocument } from '../documents/document.ts';
import type { DocumentContext } from '../documents/ecs.ts';
import { simulate } from '../simulate/simulate.ts';
import { ReportStore, type ReportStoreOptions } from './report-store.ts';

const startMs = Date.UTC(2026, 2, 1);
const context = (): DocumentContext => ({ receivedAtMs: startMs, namespace: 'x', localHour: () => 0 });
const encoded = (document: SinkDocument): EncodedDocument => {
  const found = decodeDocument(encodeDocument(document));
  if (found === undefined) throw new Error(document.id);
  return found;
};

describe('the store of reports', () => {
  let folder: TempFolder;
  const { truth, documents } = simulate({ seed: 7, days: 1, startMs, namespace: 'x', timeZone: 'UTC' });
  /** What contributes to reports: 8 rooms × 1440 minutes and the states of incidents. */
  const stored: EncodedDocument[] = [];
  for (const document of documents) {
    if (document.stream === 'reports' || document.id.startsWith('minute:')) {
      stored.push(encoded(document));
    }
  }

  beforeEach(async () => {
    folder = await tempFolder('reports');
  });
  afterEach(() => folder.remove());

  function store(change: Partial<ReportStoreOptions> = {}): ReportStore {
    const { logger } = captureLogger();
    return new ReportStore({ dir: folder.path, timeZone: 'UTC', keptDays: 400, logger, context, ...change });
  }
  async function deliver(to: ReportStore, some: readonly EncodedDocument[], batch = 500): Promise<number> {
    let duplicates = 0;
    for (let n = 0; n < some.length; n += batch) {
      duplicates += (await to.deliver(some.slice(n, n + batch))).duplicates;
    }
    return duplicates;
  }
  const reportOf = async () =>
    computeReport(await readRecords(folder.path, '2026-03-01', '2026-03-02'), {
      from: '2026-03-01',
      to: '2026-03-01',
      nowMs: startMs + 90_000_000,
    });

  it('has what happened on a simulated day, although the sink was killed and half of it was delivered again', async () => {
    await deliver(store(), stored.slice(0, 6000));
    // killed: the next life reads the files, and the spool begins again where it was last confirmed
    expect(await deliver(store(), stored.slice(3000))).toBeGreaterThan(2500);
    const report = await reportOf();
    const falls = truth.falls.filter(({ outcome }) => outcome === 'helped').length;
    const falseAlarms = truth.falls.filter(({ outcome }) => outcome === 'false_alarm').length;
    expect(report.alarms).toEqual({ true: falls, false: falseAlarms, unknown: 0 });
    expect(report.drills).toBe(truth.falls.length - falls - falseAlarms);
    for (const { sourceId, unwatchedMs, blindMs } of report.rooms) {
      // the sink looks at a room every few seconds
      expect(Math.abs(unwatchedMs - (truth.unwatchedMs.get(sourceId) ?? 0))).toBeLessThan(2000);
      expect(Math.abs(blindMs - (truth.blindMs.get(sourceId) ?? 0))).toBeLessThan(2000);
    }
    const waits = truth.falls
      .filter(({ outcome }) => outcome !== 'drill')
      .map(({ alarmMs, acknowledgedMs }) => acknowledgedMs - alarmMs)
      .sort((a, b) => a - b);
    expect(report.times[0]).toMatchObject({ count: 5, medianMs: waits[2] });
  });

  it('keeps the latest state of an incident, in whichever order its states arrive', async () => {
    const incidents = stored.filter(({ stream }) => stream === 'reports');
    await deliver(store(), [...incidents].reverse());
    const report = await reportOf();
    expect(report.alarms.true).toBe(4);
    expect(report.shift.incidents.filter(({ isOpen }) => isOpen)).toEqual([]);
  });

  it('sets a damaged file aside, reports it, and goes on with what comes', async () => {
    await deliver(store(), stored.slice(0, 1000));
    await writeFile(dayFile(folder.path, '2026-03-01'), '{"date": ');
    const { logger, lines } = captureLogger();
    await deliver(store({ logger }), stored.slice(1000, 2000));
    expect(lines).toContainEqual(expect.objectContaining({ event: 'report_file_damaged' }));
    expect(await readdir(`${folder.path}/days`)).toEqual(['2026-03-01.json', '2026-03-01.json.damaged']);
  });

  it('hands each day that is over to other outputs once, also when it is killed in between', async () => {
    const emitted: string[] = [];
    const next = { ...(stored[0] as EncodedDocument) };
    const later: EncodedDocument = {
      ...next,
      json: next.json.replace('2026-03-01T', '2026-03-02T'),
      id: 'minute:0:1:b',
    };
    const emit = async (document: SinkDocument): Promise<void> => {
      if (emitted.length === 3) throw new Error('killed');
      emitted.push(document.id);
    };
    await deliver(store({ emit }), stored);
    expect(emitted).toEqual([]);
    await expect(store({ emit }).deliver([later])).rejects.toThrow('killed');
    const again: string[] = [];
    for (let life = 0; life < 2; life += 1) {
      await store({ emit: async ({ id }) => void again.push(id) }).deliver([{ ...later, id: `minute:0:1:c${life}` }]);
    }
    expect(again.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((room) => `room-day:${room}:2026-03-01`));
    expect(again).toEqual(expect.arrayContaining(emitted));
  });

  it('goes on handing over days when a clock that was years ahead is right again', async () => {
    const [first] = stored as [EncodedDocument];
    const emitted: string[] = [];
    const kept = store({ emit: async ({ id }) => void emitted.push(id) });
    for (const [n, date] of ['2026-03-01', '2099-01-01', '2026-03-01', '2026-03-02', '2026-03-03'].entries()) {
      await kept.deliver([{ ...first, json: first.json.replace('2026-03-01T', `${date}T`), id: `minute:0:${n}:b` }]);
    }
    expect(emitted.map((id) => id.slice(-10))).toEqual(['2026-03-01', '2026-03-02']);
  });

  it('deletes with a day that is too old what was set aside as damaged, and what a killed writer left', async () => {
    const [first] = stored as [EncodedDocument];
    const kept = store({ keptDays: 1 });
    await kept.deliver([first]);
    await writeFile(`${folder.path}/days/2026-03-01.json.damaged`, '{');
    await writeFile(`${folder.path}/days/.2026-03-01.json.7.abc.tmp`, '{');
    await kept.deliver([{ ...first, json: first.json.replace('2026-03-01T', '2026-03-02T'), id: 'minute:0:1:b' }]);
    expect(await readdir(`${folder.path}/days`)).toEqual(['2026-03-02.json']);
  });

  it('keeps as many days as it is asked for, and a clock that was wrong once deletes nothing more', async () => {
    const [first] = stored as [EncodedDocument];
    const dates = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04', '2099-01-01'];
    const kept = store({ keptDays: 4 });
    for (const [n, date] of dates.entries()) {
      await kept.deliver([{ ...first, json: first.json.replace('2026-03-01T', `${date}T`), id: `minute:0:${n}:b` }]);
    }
    expect(await readdir(`${folder.path}/days`)).toEqual(dates.slice(1).map((date) => `${date}.json`));
  });
});
