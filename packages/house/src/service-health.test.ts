import type { ServiceReport } from '@vigilia/protocol';
import { fold } from './fold.ts';
import { emptyHouse, type House } from './house.ts';
import { judgeServices } from './service-health.ts';
import { judgeSite } from './site-health.ts';

const startMs = Date.parse('2026-01-01T10:00:00.000Z');
const gib = 1024 ** 3;

function report(change: Partial<ServiceReport> = {}): ServiceReport {
  const timestamp = new Date(startMs).toISOString();
  const of = {
    instance_id: 'event-sink',
    service: 'event-sink',
    version: '1.0.0',
    boot_id: 'b',
    state: 'running',
  } as const;
  return { ...of, started_at: timestamp, timestamp, folders: [], troubles: [], ...change };
}
/** The site after these reports, which all arrived at the start. @param wallMs the clock of the machine that listens */
function heard(reports: readonly ServiceReport[], wallMs = startMs): House {
  const connected = fold(emptyHouse(startMs), { kind: 'connected' }, startMs);
  return reports.reduce((house, one) => fold(house, { kind: 'service', report: one, wallMs }, startMs), connected);
}
const judged = (house: House, afterMs = 1000) => judgeServices(house, startMs + afterMs);
const codes = (house: House, afterMs?: number) =>
  judged(house, afterMs).flatMap(({ result, code }) => (result === 'ok' ? [] : [code]));
const folder = (free_bytes: number, more = {}) => ({ name: 'spool', free_bytes, total_bytes: 100 * gib, ...more });

describe('what services report of themselves', () => {
  test('is good where disks have space, clocks agree and versions are the same', () => {
    const site = heard([
      report({ folders: [folder(2 * gib)] }),
      report({ instance_id: 'console-1', service: 'console' }),
    ]);
    expect(judged(site)).toMatchObject([
      { id: 'console-1', result: 'ok', version: '1.0.0' },
      { id: 'event-sink', result: 'ok', version: '1.0.0' },
    ]);
    expect(judgeSite(site, startMs).findings).toContainEqual(expect.objectContaining({ about: 'service' }));
  });

  test.each([
    [1.01 * gib, []],
    [0.99 * gib, ['warning']],
    [0.21 * gib, ['warning']],
    [0.19 * gib, ['failed']],
  ])('a disk with %d bytes left is judged before it is full', (free, results) => {
    const findings = judged(heard([report({ folders: [folder(free)] })])).filter(({ result }) => result !== 'ok');
    expect(findings.map(({ result }) => result)).toEqual(results);
    for (const finding of findings) {
      expect(finding).toMatchObject({ code: 'disk_nearly_full', folder: 'spool', freeBytes: free });
    }
  });

  test('a spool is nearly full at 80 percent of what it may hold', () => {
    const spool = (used_bytes: number) => folder(50 * gib, { used_bytes, max_bytes: 1000 });
    expect(codes(heard([report({ folders: [spool(799)] })]))).toEqual([]);
    expect(judged(heard([report({ folders: [spool(800)] })]))).toMatchObject([
      { code: 'spool_nearly_full', usedPercent: 80, result: 'warning' },
    ]);
  });

  test.each([
    [2000, undefined],
    [2100, -2.1],
    [-2100, 2.1],
  ])('a listener whose clock is %d ms ahead sees a difference of %p s', (listenerAheadMs, aheadSeconds) => {
    const [finding] = judged(heard([report()], startMs + listenerAheadMs));
    expect(finding).toMatchObject(
      aheadSeconds === undefined ? { result: 'ok' } : { code: 'clock_differs', aheadSeconds },
    );
  });

  test('a report that was delayed once accuses no clock', () => {
    const site = heard([report()]);
    const delayed = fold(site, { kind: 'service', report: report(), wallMs: startMs + 9000 }, startMs + 9000);
    expect(codes(delayed, 9000)).toEqual([]);
  });

  test('names each version with the services that run it', () => {
    const site = heard([report(), report({ instance_id: 'a', service: 'processor', version: '1.1.0' })]);
    expect(judged(site)[0]).toMatchObject({
      code: 'versions_differ',
      versions: [
        { version: '1.0.0', ids: ['event-sink'] },
        { version: '1.1.0', ids: ['a'] },
      ],
    });
    const stopped = report({ instance_id: 'a', service: 'processor', version: '1.1.0', state: 'stopped' });
    expect(codes(fold(site, { kind: 'service', report: stopped, wallMs: startMs }, startMs))).toEqual([]);
  });

  test('an alert target that fails is named with its reason', () => {
    const targets = [
      { name: 'ward', type: 'ntfy', ok: false, pending: 2, error: 'refused', remedy: 'Check the token.' },
      { name: 'mail', type: 'email', ok: true, pending: 0 },
    ];
    const site = heard([report({ instance_id: 'notifier', service: 'notifier', alert_targets: targets })]);
    expect(judged(site)).toMatchObject([
      { code: 'alert_target_failing', target: 'ward', error: 'refused', remedy: 'Check the token.', result: 'failed' },
    ]);
  });

  test('an event sink that falls silent, or was stopped, is missed until it is back; other services have a status of their own', () => {
    const others = [
      report({ instance_id: 'console-1', service: 'console' }),
      report({ instance_id: 'a', service: 'processor' }),
    ];
    const site = heard([report(), ...others]);
    expect(codes(site, 34_000)).toEqual([]);
    expect(codes(site, 36_000)).toEqual(['event_sink_silent']);
    const stopped = heard([report({ state: 'stopped' })]);
    expect(codes(stopped)).toEqual(['event_sink_silent']);
    const back = fold(stopped, { kind: 'service', report: report({ boot_id: 'c' }), wallMs: startMs }, startMs);
    expect(codes(back)).toEqual([]);
  });

  test('what could not be heard without the broker is not held against the event sink', () => {
    const lost = fold(heard([report()]), { kind: 'disconnected' }, startMs + 1000);
    const back = fold(lost, { kind: 'connected' }, startMs + 60_000);
    expect(codes(back, 90_000)).toEqual([]);
    expect(codes(back, 96_000)).toEqual(['event_sink_silent']);
  });
});
