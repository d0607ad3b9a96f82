import type { MetricsMessage, Status } from '@vigilia/protocol';
import { fold } from './fold.ts';
import { emptyHouse, type House } from './house.ts';
import { processorLoad } from './processor-load.ts';
import { judgeSite } from './site-health.ts';

const at = '2026-01-01T10:00:00.000Z';
const ids = [1, 2, 3, 4];
const settings = {
  uri: '',
  max_fps: 1,
  model_id: 'm',
  confidence: 0.3,
  tracking: true,
  zones_configured: false,
} as const;
const status: Status = {
  instance_id: 'a',
  client_id: 'a',
  boot_id: 'boot',
  role: 'home',
  status: 'running',
  timestamp: at,
  streams: ids.map((source_id) => ({ ...settings, source_id, decode: 'auto', state: 'watching' })),
};

type Counters = readonly [analysed: number, skipped: number];

/** Metrics in which each room has these counters. */
function metrics([analysed, skipped]: Counters, change: Partial<MetricsMessage> = {}): MetricsMessage {
  const counters = { fps: 1, offered: 0, blind_seconds: {}, unwatched_seconds: 0, people: 0, analysed, skipped };
  const rooms = ids.map((source_id) => ({ source_id, ...counters }));
  return { instance_id: 'a', boot_id: 'boot', timestamp: at, uptime_seconds: 60, rooms, ...change };
}

/** The site after these metrics, each ten seconds after the one before it. */
function heard(...messages: readonly MetricsMessage[]): House {
  const start = fold(emptyHouse(0), { kind: 'status', instanceId: 'a', status }, 0);
  return messages.reduce(
    (house, one, index) => fold(house, { kind: 'metrics', instanceId: 'a', metrics: one }, index * 10_000),
    start,
  );
}

describe('the load of a processor', () => {
  test.each<[string, Counters, boolean, number]>([
    ['does all its work', [110, 500], false, 0],
    ['skips less than a tenth, as during a hand-over', [195, 509], false, 0],
    ['skips a quarter of its analyses', [175, 525], true, 1],
    ['skips two thirds', [133, 566], true, 3],
    ['does nothing of what is due', [100, 600], true, 3],
  ])('of a home that %s', (_, later, isOverloaded, roomsTooMany) => {
    const site = heard(metrics([100, 500]), metrics(later));
    expect(processorLoad(site, status)).toMatchObject({ rooms: 4, isOverloaded, roomsTooMany });
  });

  test('is that of the last minutes: neither a bad night nor a good one before them counts', () => {
    const steps = (from: Counters, [analysed, skipped]: Counters) =>
      Array.from({ length: 20 }, (_, n) => metrics([from[0] + n * analysed, from[1] + n * skipped]));
    const good = steps([10, 10_000], [10, 0]);
    expect(processorLoad(heard(...good), status)?.isOverloaded).toBe(false);
    const bad = steps([10_000, 10], [5, 5]);
    const load = processorLoad(heard(...good.map(() => metrics([10_000, 10])), ...bad), status);
    expect(load).toMatchObject({ skippedShare: 0.5, roomsTooMany: 2 });
    expect(load?.analysed).toBeLessThanOrEqual(4 * 5 * 12);
  });

  test('is not known from one message, from another start of the processor, or from too few analyses', () => {
    expect(processorLoad(heard(metrics([100, 0])), status)).toBeUndefined();
    const restarted = heard(metrics([100, 0], { boot_id: 'before' }), metrics([140, 40], { boot_id: 'before' }));
    expect(processorLoad(restarted, status)).toBeUndefined();
    expect(processorLoad(heard(metrics([100, 0], { rooms: [] }), metrics([100, 100])), status)).toBeUndefined();
    expect(processorLoad(heard(metrics([100, 0]), metrics([100, 1])), status)?.isOverloaded).toBe(false);
  });

  test('counts no room that the processor does not monitor any more', () => {
    const site = heard(metrics([100, 0]), metrics([100, 100]));
    const [first] = status.streams ?? [];
    expect(processorLoad(site, { ...status, streams: first === undefined ? [] : [first] })).toMatchObject({ rooms: 1 });
    expect(processorLoad(site, { ...status, streams: [] })).toBeUndefined();
  });

  test('is a warning about the home, which names how many rooms are too many', () => {
    const { findings } = judgeSite(heard(metrics([100, 500]), metrics([150, 550])), 20_000);
    expect(findings).toContainEqual(
      expect.objectContaining({
        about: 'processor',
        result: 'warning',
        code: 'processor_overloaded',
        load: expect.objectContaining({ roomsTooMany: 2 }),
      }),
    );
  });

  test('is waited for while the second message can still come, and no longer', () => {
    const site = heard(metrics([100, 0]));
    expect(judgeSite(site, 5000).unmeasured).toEqual(['a']);
    expect(judgeSite(site, 30_000).unmeasured).toEqual([]);
    expect(judgeSite(heard(metrics([100, 0]), metrics([200, 0])), 15_000).unmeasured).toEqual([]);
  });
});
