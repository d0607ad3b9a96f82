import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSettings } from '@vigilia/service';
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
import { runSimulate } from '../simulator/run-simulate.ts';
import type { Truth } from '../simulator/truth.ts';
import { Counting } from '../test-support/counting.ts';
import { expectedPanels } from '../test-support/expected-panels.ts';
import { type AlertRule, alertRules, ruleQuery } from './alert-rules.ts';
import { dashboards } from './all-dashboards.ts';
import type { Panel } from './panel.ts';
import { panelQuery, panelRows, type Row } from './panel-query.ts';

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
    await setupElasticsearch(counting.client, { days: 30, detectionDays: 3 });
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
  }, 400_000);
  afterAll(async () => {
    await counting?.client.close();
    await node?.stop();
    await folder?.remove();
  }, 60_000);

  it('holds a day in which something happened', () => {
    expect(truth.falls.length).toBe(6);
    expect([...truth.unwatchedMs.values()].some((ms) => ms > 60_000)).toBe(true);
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

  describe('docs/elasticsearch-traceability.md', () => {
    async function documented(index: number, traceId: string): Promise<Record<string, unknown>> {
      const text = await readFile(join(repoRoot, 'docs/elasticsearch-traceability.md'), 'utf8');
      const block = [...text.matchAll(/```json\n([\s\S]*?)```/g)][index]?.[1] ?? '';
      return JSON.parse(block.replaceAll('TRACE_ID', traceId)) as Record<string, unknown>;
    }

    it('tells one incident from the suspicion to the close, in the order the page says', async () => {
      for (const fall of truth.falls) {
        const answer = await counting.client.search({
          index: 'logs-vigilia.*',
          ...(await documented(0, fall.incidentId)),
        });
        const found = answer.hits.hits.map(
          ({ _source }) => _source as { event: { action: string }; user?: { name: string } },
        );
        const actions = found.map(({ event }) => event.action);
        const story = [
          'fall_suspected',
          'fall_detected',
          'incident_opened',
          'command',
          'command_ack',
          'processor_status',
          'room_released',
          'room_taken',
          'incident_acknowledged',
          'room_returned',
          'incident_closed',
        ];
        const places = story.map((action) => actions.indexOf(action));
        expect(places).not.toContain(-1);
        expect([...places].sort((a, b) => a - b)).toEqual(places);
        expect(found.some(({ user }) => user?.name === fall.nurse)).toBe(true);
        expect(actions.filter((action) => action === 'command').length).toBe(2 * fall.relievedRooms + 2);
      }
    });

    it('tells who watched, frame by frame: the dedicated one from its first frame to the hand-back', async () => {
      const [fall] = truth.falls;
      if (fall === undefined) throw new Error('no fall');
      const answer = await counting.client.search({
        index: 'logs-vigilia.detections-*',
        ...(await documented(1, fall.incidentId)),
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
    const rule = (id: string) => alertRules.find((candidate) => candidate.id === id) as AlertRule;
    async function firing(of: AlertRule, endMs: number): Promise<(string | number)[]> {
      const { when, threshold, sumOf, per } = of.fires;
      const range = {
        range: {
          '@timestamp': {
            gte: new Date(endMs - of.windowMinutes * 60_000).toISOString(),
            lt: new Date(endMs).toISOString(),
          },
        },
      };
      const metric = sumOf === undefined ? {} : { value: { sum: { field: sumOf } } };
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
        .filter((group) => isOver(sumOf === undefined ? group.doc_count : (group.value?.value ?? 0)))
        .map(({ key }) => key);
    }

    it('the sink: silent when it writes nothing, not while it does', async () => {
      expect(await firing(rule('vigilia-sink-silent'), Date.parse(`${DAY}T12:00:00Z`))).toEqual([]);
      expect(await firing(rule('vigilia-sink-silent'), Date.parse('2026-04-01T12:00:00Z'))).toEqual(['all']);
    });

    it('a room: exactly the rooms that were unwatched for more than a minute at some time', async () => {
      const fired = new Set<string | number>();
      for (let atMs = Date.parse(RANGE.from); atMs <= Date.parse(RANGE.to); atMs += 5 * 60_000) {
        for (const room of await firing(rule('vigilia-room-unwatched'), atMs)) fired.add(room);
      }
      const long = [...truth.unwatchedMs].filter(([, ms]) => ms > 150_000).map(([room]) => room);
      expect(long.length).toBeGreaterThan(0);
      for (const room of long) expect(fired).toContain(room);
      for (const room of fired) expect(truth.unwatchedMs.get(Number(room))).toBeGreaterThan(60_000);
    }, 60_000);

    it('a fall: from its first reminder on, for its room', async () => {
      const late = truth.falls.find(({ reminders }) => reminders > 0);
      if (late === undefined) throw new Error('choose a seed with a late nurse');
      expect(await firing(rule('vigilia-fall-not-acknowledged'), late.alarmMs + 310_000)).toEqual([late.room]);
      expect(await firing(rule('vigilia-fall-not-acknowledged'), late.alarmMs + 200_000)).toEqual([]);
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
      const seen = found?.values[index];
      // minutes are rounded to the millisecond; an average of half-hourly averages is not quite the day's
      const tolerance =
        panel.shape === 'lines' && panel.measures[index]?.op === 'average' ? 1 : Math.max(20, (value ?? 0) * 1e-6);
      const exact =
        ['count', 'distinct'].includes(panel.measures[index]?.op ?? '') || panel.measures[index]?.as === undefined;
      if (exact && panel.shape !== 'lines') expect(seen).toBeCloseTo(value ?? Number.NaN, 3);
      else expect(Math.abs((seen ?? Number.NaN) - (value ?? 0))).toBeLessThanOrEqual(tolerance);
    }
  }
}
