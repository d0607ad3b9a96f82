import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSettings } from '@vigilia/service';
import type { Truth } from '@vigilia/simulated-site';
import {
  type Elasticsearch,
  repoRoot,
  requires,
  silentLogger,
  startElasticsearch,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { simulateSpec } from '../settings/simulate-settings.ts';
import { setupElasticsearch } from '../setup/setup.ts';
import { runSimulate } from '../simulate/run-simulate.ts';
import { Counting } from '../test-support/counting.ts';
import { expectedPanels, timelineRows } from '../test-support/expected-panels.ts';
import { panelQuery, panelRows, type Row } from '../test-support/panel-query.ts';
import { alertRules, type KibanaRule, ruleQuery } from './alert-rules.ts';
import { dashboards } from './all-dashboards.ts';
import type { Measure, Panel } from './panel.ts';

const DAY = '2026-03-01';
const RANGE = { from: `${DAY}T00:00:00Z`, to: '2026-03-02T00:00:00Z', interval: '30m' };

requires('elasticsearch')('a simulated day in a real Elasticsearch', () => {
  let node: Elasticsearch;
  let folder: TempFolder;
  let counting: Counting;
  let truth: Truth;

  beforeAll(async () => {
    folder = await tempFolder('simulate');
    node = await startElasticsearch();
    counting = new Counting(node.url, 'default');
    await setupElasticsearch(counting.client, { events: 30, service: 30, metrics: 30, detections: 3, reports: 400 });
    const argv = [
      '--days',
      '1',
      '--seed',
      '11',
      '--start',
      DAY,
      '--time-zone',
      'Europe/Madrid',
      '--out',
      folder.path,
      '--elasticsearch-url',
      node.url,
    ];
    truth = await runSimulate(parseSettings(simulateSpec, argv, {}), silentLogger());
    await counting.client.indices.refresh({ index: '*vigilia*' });
  });
  afterAll(async () => {
    await counting?.client.close();
    await node?.stop();
    await folder?.remove();
  });

  it('holds a day in which something happened', () => {
    expect(truth.falls.length).toBe(6);
    expect([...truth.unwatchedMs.values()].some((ms) => ms > 60_000)).toBe(true);
    expect(truth.falls.filter(({ degraded }) => degraded).length).toBe(1);
    expect(truth.falls.filter(({ nurse, resolver }) => nurse !== resolver).length).toBe(6);
  });

  for (const dashboard of dashboards) {
    it.each(dashboard.panels.map((panel) => [panel.id, panel] as const))(
      `${dashboard.id}: %s shows what happened`,
      async (id, panel) => {
        const expectation = expectedPanels[dashboard.id]?.[id];
        if (expectation === undefined) throw new Error(`nothing is expected of ${dashboard.id} ${id}`);
        const answer = await counting.client.search({
          index: counting.indexOf(panel.stream),
          ...panelQuery(panel, RANGE),
        });
        compare(panel, withoutTime(panel, panelRows(panel, answer)), expectation(truth));
      },
    );
  }

  it('the timeline of falls has each of them in its half hour', async () => {
    const panel = dashboards.flatMap(({ panels }) => panels).find(({ id }) => id === 'timeline');
    if (panel === undefined) throw new Error('no timeline');
    const answer = await counting.client.search({
      index: counting.indexOf(panel.stream),
      ...panelQuery(panel, RANGE),
    });
    compare(panel, panelRows(panel, answer), timelineRows(truth, 30 * 60_000));
  });

  describe('docs/elasticsearch-traceability.md', () => {
    async function documented(index: number, traceId: string): Promise<Record<string, unknown>> {
      const text = await readFile(join(repoRoot, 'docs/elasticsearch-traceability.md'), 'utf8');
      const block = [...text.matchAll(/```json\n([\s\S]*?)```/g)][index]?.[1] ?? '';
      return JSON.parse(block.replaceAll('TRACE_ID', traceId)) as Record<string, unknown>;
    }

    it.each([
      ['with a dedicated processor', false],
      ['where none could be started', true],
    ])(
      'shows one incident from the suspicion to the close, in the order of the documentation: %s',
      async (_, degraded) => {
        const falls = truth.falls.filter((fall) => fall.degraded === degraded);
        expect(falls.length).toBeGreaterThan(0);
        for (const fall of falls) {
          const answer = await counting.client.search({
            index: 'logs-vigilia.*',
            ...(await documented(0, fall.traceId)),
          });
          const found = answer.hits.hits.map(
            ({ _source }) => _source as { event: { action: string }; user?: { name: string } },
          );
          const actions = found.map(({ event }) => event.action);
          const moves = ['processor_status', 'room_released', 'room_taken'];
          const story = [
            ...['fall_suspected', 'fall_detected', 'incident_opened', 'command', 'command_ack'],
            ...(degraded ? [] : moves),
            'incident_acknowledged',
            ...(degraded ? [] : ['room_returned']),
            'incident_closed',
          ];
          const places = story.map((action) => actions.indexOf(action));
          expect(places).not.toContain(-1);
          expect([...places].sort((a, b) => a - b)).toEqual(places);
          expect(found.find(({ event }) => event.action === 'incident_acknowledged')?.user?.name).toBe(fall.nurse);
          const moving = degraded ? 0 : 2;
          // relief and its end, the moves, and what two nurses pressed
          expect(actions.filter((action) => action === 'command').length).toBe(2 * fall.relievedRooms + moving + 2);
        }
      },
    );

    it('shows which processor analysed each frame: the dedicated one from its first frame to the hand-back', async () => {
      const [fall] = truth.falls;
      if (fall === undefined) throw new Error('no fall');
      const answer = await counting.client.search({
        index: 'logs-vigilia.detections-*',
        ...(await documented(1, fall.traceId)),
      });
      const watcher = answer.aggregations?.watcher as
        | { buckets: { key: string; first: { value: number } }[] }
        | undefined;
      const buckets = watcher?.buckets ?? [];
      expect(buckets.map(({ key }) => key).sort()).toEqual([fall.home, `${fall.home}_1`]);
      expect(buckets.find(({ key }) => key === `${fall.home}_1`)?.first.value).toBe(fall.steps.dedicated_watching);
    });
  });

  describe('alert rules', () => {
    const rule = (id: string) => alertRules.find((candidate) => candidate.id === id) as KibanaRule;
    async function firing(of: KibanaRule, endMs: number): Promise<(string | number)[]> {
      const { when, threshold, maxOf, per } = of.fires;
      const range = {
        range: {
          '@timestamp': {
            gte: new Date(endMs - of.windowMinutes * 60_000).toISOString(),
            lt: new Date(endMs).toISOString(),
          },
        },
      };
      const metric = maxOf === undefined ? {} : { value: { max: { field: maxOf } } };
      const aggs = per === undefined ? metric : { per: { terms: { field: per, size: 100 }, aggs: metric } };
      const answer = await counting.client.search({
        index: counting.indexOf(of.stream),
        size: 0,
        track_total_hits: true,
        query: { bool: { filter: [range, ruleQuery(of)] } },
        aggs,
      });
      type Bucket = { key: number | string; doc_count: number; value?: { value: number } };
      const groups: Bucket[] =
        per === undefined
          ? [{ key: 'all', doc_count: (answer.hits.total as { value: number }).value }]
          : ((answer.aggregations?.per as { buckets: Bucket[] } | undefined)?.buckets ?? []);
      const isOver = (value: number) => (when === '<' ? value < threshold : value > threshold);
      return groups
        .filter((group) => isOver(maxOf === undefined ? group.doc_count : (group.value?.value ?? 0)))
        .map(({ key }) => key);
    }

    it('the sink: silent when it writes nothing, not while it does', async () => {
      expect(await firing(rule('vigilia-sink-silent'), Date.parse(`${DAY}T12:00:00Z`))).toEqual([]);
      expect(await firing(rule('vigilia-sink-silent'), Date.parse('2026-04-01T12:00:00Z'))).toEqual(['all']);
    });

    it('a room: exactly the rooms that were unwatched for more than a minute on end', async () => {
      const fired = new Set<string | number>();
      for (let atMs = Date.parse(RANGE.from); atMs <= Date.parse(RANGE.to); atMs += 2 * 60_000) {
        for (const room of await firing(rule('vigilia-room-unwatched'), atMs)) {
          fired.add(room);
        }
      }
      const long = [...truth.unwatchedLongestMs].filter(([, ms]) => ms > 60_000).map(([room]) => room);
      const summedUp = [...truth.unwatchedMs].filter(([, ms]) => ms > 60_000);
      expect(long.length).toBeGreaterThan(0);
      expect(summedUp.length).toBeGreaterThanOrEqual(long.length);
      expect([...fired].sort()).toEqual(long.sort());
    });

    it('a fall that was not acknowledged within two minutes triggers the rule for its room until it is acknowledged; a drill does not', async () => {
      const MINUTE = 60_000;
      const late = truth.falls.filter(({ acknowledgedMs, openedMs }) => acknowledgedMs - openedMs > 4 * MINUTE);
      expect(late.filter(({ outcome }) => outcome !== 'drill').length).toBeGreaterThan(0);
      for (const { room, outcome, openedMs, acknowledgedMs } of truth.falls) {
        const at = (ms: number) => firing(rule('vigilia-fall-not-acknowledged'), ms);
        const waited = acknowledgedMs - openedMs;
        expect(await at(openedMs + MINUTE)).toEqual([]);
        if (waited > 4 * MINUTE) {
          expect(await at(openedMs + 3.5 * MINUTE)).toEqual(outcome === 'drill' ? [] : [room]);
        }
        expect(await at(acknowledgedMs + 3 * MINUTE)).toEqual([]);
      }
    });
  });
});

/** Adds counts and sums up over time, takes maxima of maxima; averages over time must each lie within what was reported. */
function withoutTime(panel: Panel, rows: readonly Row[]): Row[] {
  if (panel.splits[0]?.by !== 'time') return [...rows];
  const groups = new Map<string, Row[]>();
  for (const { keys, values } of rows) {
    const rest = keys.slice(1);
    groups.set(JSON.stringify(rest), [...(groups.get(JSON.stringify(rest)) ?? []), { keys: rest, values }]);
  }
  return [...groups.values()].map((group) => ({
    keys: group[0]?.keys ?? [],
    values: panel.measures.map(({ op }, index) => {
      const numbers = group.map(({ values }) => values[index] ?? 0);
      if (op === 'max') return Math.max(...numbers);
      const total = numbers.reduce((sum, number) => sum + number, 0);
      return op === 'average' ? total / numbers.length : total;
    }),
  }));
}

function compare(panel: Panel, actual: readonly Row[], expected: readonly Row[]): void {
  const name = ({ keys }: Row) => JSON.stringify(keys);
  expect(actual.map(name).sort()).toEqual(expected.map(name).sort());
  for (const wanted of expected) {
    const found = actual.find((candidate) => name(candidate) === name(wanted));
    for (const [index, value] of wanted.values.entries()) {
      const measure = panel.measures[index];
      const seen = found?.values[index];
      if (measure === undefined || value === undefined) {
        expect([name(wanted), seen]).toEqual([name(wanted), value]);
      } else {
        const bound = tolerance(panel, measure, value);
        const off = Math.abs((seen ?? Number.NaN) - value);
        expect({ row: name(wanted), seen, value, off, isWithin: off <= bound }).toMatchObject({
          isWithin: true,
        });
      }
    }
  }
}

/** How far a number may be off, in the unit of its field. */
function tolerance(panel: Panel, { op, as, field = '' }: Measure, value: number): number {
  if (['count', 'distinct', 'max', 'min'].includes(op)) return 1e-9;
  // sums of milliseconds per minute, each rounded
  if (as === 'minutes') return 20;
  if (as === 'seconds') return field.endsWith('_seconds') ? 0.01 : 10;
  // an average of half-hourly averages is not quite the day's
  if (as === 'milliseconds') return panel.splits[0]?.by === 'time' ? 1 : 1e-3;
  return Math.abs(value) * 1e-9;
}
