import { emptyHouse, fold, type House, type HouseMessage } from '@vigilia/house';
import type { DetectionsMessage, OrchestratorStatus, Status } from '@vigilia/protocol';
import { siteHealth } from './site-health.ts';

const at = '2026-01-01T10:00:00.000Z';
const startMs = Date.parse(at);

function processor(rooms: readonly number[], change: Partial<Status> = {}): HouseMessage {
  const streams = rooms.map((source_id) => {
    return { source_id, max_fps: 1, model_id: 'm', confidence: 0.3, tracking: true, decode: 'auto', state: 'watching' };
  });
  const base = { instance_id: 'a', client_id: 'a', boot_id: 'b', role: 'home', status: 'running', timestamp: at };
  const status = { ...base, health: 'ok', streams, ...change } as Status;
  return { kind: 'status', instanceId: 'a', status };
}
const result = (source_id: number): HouseMessage => {
  const detections = { source_id, instance_id: 'a', boot_id: 'b', timestamp: at, detections: [] } as unknown;
  return { kind: 'detections', detections: detections as DetectionsMessage };
};
const acting: HouseMessage = {
  kind: 'orchestrator',
  orchestrator: { status: 'acting', timestamp: at } as unknown as OrchestratorStatus,
};
const online: HouseMessage = { kind: 'notifier', notifier: 'online' };

/** The site after these messages, all of which arrived at the start. */
function heard(...messages: readonly HouseMessage[]): House {
  const connected: HouseMessage = { kind: 'connected' };
  return [connected, ...messages].reduce((house, one) => fold(house, one, startMs), emptyHouse(startMs));
}
const codes = (house: House, afterMs = 500): (string | undefined)[] =>
  siteHealth(house, startMs + afterMs).findings.flatMap(({ result: found, code }) => (found === 'ok' ? [] : [code]));

describe('the health of a site', () => {
  test('is good where each room is watched, falls are acted on and people are notified', () => {
    const site = heard(processor([1, 2]), result(1), result(2), acting, online);
    expect(codes(site)).toEqual([]);
    // services report every ten seconds
    expect(siteHealth(site, startMs + 500).isComplete).toBe(false);
    expect(siteHealth(site, startMs + 11_500).isComplete).toBe(true);
  });

  test('has words and a remedy for each fault that a service reports of itself', () => {
    const base = { service: 'event-sink', version: '1.0.0', boot_id: 'b', state: 'running', started_at: at } as const;
    const folder = { name: 'spool', free_bytes: 100e6, total_bytes: 1e12, used_bytes: 90, max_bytes: 100 };
    const target = { name: 'ward-phone', type: 'ntfy', ok: false, pending: 1, error: 'It refuses.' };
    const report = { ...base, instance_id: 'sink', timestamp: '2026-01-01T10:00:05.000Z', troubles: [] };
    const services: HouseMessage[] = [
      { ...report, folders: [folder], alert_targets: [target] },
      { ...report, instance_id: 'other', version: '2.0.0', timestamp: at, folders: [] },
      { ...report, instance_id: 'ended', state: 'stopped' as const, folders: [] },
    ].map((one) => ({ kind: 'service', report: one, wallMs: startMs }));
    const site = heard(processor([1]), result(1), acting, online, ...services);
    const wrong = siteHealth(site, startMs + 500).findings.filter(({ result: found }) => found !== 'ok');
    expect(wrong.map(({ check, code, detail }) => [check, code, detail])).toEqual([
      ['versions', 'versions_differ', 'services run different versions (1.0.0: sink; 2.0.0: other)'],
      ['service sink', 'disk_nearly_full', 'the disk of its folder spool has 100 MB left'],
      ['service sink', 'spool_nearly_full', 'its spool is 90 % full: when it is full, detections are dropped first'],
      ['service sink', 'clock_differs', 'its clock is 5 s ahead of the clock of this machine'],
      ['service sink', 'alert_target_failing', 'alert target ward-phone takes no messages: It refuses.'],
      ['service ended', 'event_sink_silent', 'does not report: nothing is stored for reports and dashboards'],
    ]);
    expect(wrong.every(({ remedy }) => (remedy ?? '') !== '')).toBe(true);
  });

  test('waits for a room of which nothing was heard yet, and counts it as unwatched when its time is over', () => {
    const site = heard(processor([1, 2]), result(1), acting, online);
    expect(siteHealth(site, startMs + 500).isComplete).toBe(false);
    expect(codes(site)).toEqual([]);
    // its rate is not known from what was heard, so that of the default counts
    expect(codes(site, 20_000)).toEqual(['room_unwatched', 'room_unwatched']);
  });

  test.each<[string, HouseMessage[], string[]]>([
    ['no orchestrator', [processor([1]), result(1), online], ['orchestrator_not_acting']],
    ['no notifier', [processor([1]), result(1), acting], ['no_notifier']],
    [
      'a notifier that is offline',
      [processor([1]), result(1), acting, { kind: 'notifier', notifier: 'offline' }],
      ['notifier_offline'],
    ],
    [
      'a processor with a blind room',
      [processor([1], { health: 'degraded' }), result(1), acting, online],
      ['processor_unhealthy'],
    ],
    [
      'a paused processor',
      [processor([1], { status: 'paused' }), acting, online],
      ['processor_not_running', 'room_paused'],
    ],
    ['a site without rooms', [processor([]), acting, online], ['no_rooms']],
  ])('is bad with %s, and the finding has a remedy', (_, messages, expected) => {
    const site = heard(...messages);
    expect(codes(site)).toEqual(expected);
    for (const finding of siteHealth(site, startMs + 500).findings) {
      expect(finding.result === 'ok' || (finding.remedy ?? '') !== '').toBe(true);
    }
  });

  test('is good while a home changes its settings, and while a dedicated processor starts or has ended', () => {
    const extra = (status: Status['status']): HouseMessage => {
      const base = { instance_id: 'a_1', client_id: 'x', boot_id: 'c', role: 'dedicated', timestamp: at } as const;
      return { kind: 'status', instanceId: 'a_1', status: { ...base, status, streams: [] } };
    };
    for (const status of ['starting', 'offline'] as const) {
      const site = heard(processor([1], { status: 'reconfiguring' }), extra(status), result(1), acting, online);
      expect(codes(site)).toEqual([]);
    }
  });

  test('names how many rooms of an overloaded home are too many, and waits until its load can be known', () => {
    const metrics = (analysed: number, skipped: number): HouseMessage => {
      const counters = { fps: 1, offered: 0, blind_seconds: {}, unwatched_seconds: 0, people: 0, analysed, skipped };
      const rooms = [1, 2, 3, 4].map((source_id) => ({ source_id, ...counters }));
      const base = { instance_id: 'a', boot_id: 'b', timestamp: at, uptime_seconds: 60 };
      return { kind: 'metrics', instanceId: 'a', metrics: { ...base, rooms } };
    };
    const site = heard(processor([1, 2, 3, 4]), ...[1, 2, 3, 4].map(result), acting, online, metrics(100, 0));
    expect(siteHealth(site, startMs + 500)).toMatchObject({ isComplete: false });
    const overloaded = fold(site, metrics(130, 10), startMs + 600);
    expect(codes(overloaded, 700)).toEqual(['processor_overloaded']);
    expect(siteHealth(overloaded, startMs + 11_500).isComplete).toBe(true);
    const { findings } = siteHealth(overloaded, startMs + 700);
    expect(findings.find(({ code }) => code === 'processor_overloaded')).toMatchObject({
      result: 'warning',
      detail: expect.stringContaining('1 of its 4 rooms are too many'),
      remedy: expect.stringContaining('lower the rates to 75 %'),
    });
  });

  test('names the room and why its camera shows nothing', () => {
    const stream = { source_id: 1, max_fps: 1, model_id: 'm', confidence: 0.3, tracking: true, decode: 'auto' };
    const blind = { ...stream, state: 'blind', blind_since: at, blind_cause: 'dark' };
    const rooms = { 1: { home: 'a', name: 'Lounge' } };
    const desired = { kind: 'desired', desired: { rooms, updated_at: at, revision: 1 } } as HouseMessage;
    const site = heard(processor([], { streams: [blind] } as Partial<Status>), desired, acting, online);
    const [finding] = siteHealth(site, startMs).findings.filter(({ code }) => code === 'room_blind');
    expect(finding).toMatchObject({ check: 'room 1 (Lounge)', detail: expect.stringContaining(`dark, since ${at}`) });
  });
});
