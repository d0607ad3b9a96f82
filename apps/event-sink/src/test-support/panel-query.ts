import type { Measure, Panel, Split } from '../dashboards/panel.ts';
import { conditionQuery } from '../dashboards/panel-condition.ts';

type Body = Readonly<Record<string, unknown>>;

/** The search that Kibana would make for a panel: the same filters and aggregations, so that its numbers can be checked without Kibana. */
export function panelQuery(
  panel: Panel,
  range: { readonly from: string; readonly to: string; readonly interval: string },
): Body {
  const filter = [{ range: { '@timestamp': { gte: range.from, lt: range.to } } }, ...panel.where.map(conditionQuery)];
  return {
    size: 0,
    track_total_hits: true,
    query: { bool: { filter } },
    aggs: aggregations(panel, panel.splits, range.interval),
  };
}

function aggregations(panel: Panel, splits: readonly Split[], interval: string): Body {
  const [split, ...others] = splits;
  if (split === undefined)
    return Object.fromEntries(panel.measures.flatMap((measure, index) => measureAggregation(measure, index)));
  return { split: { ...splitAggregation(split, panel, interval), aggs: aggregations(panel, others, interval) } };
}

function splitAggregation(split: Split, panel: Panel, interval: string): Body {
  if (split.by === 'time')
    return { date_histogram: { field: '@timestamp', fixed_interval: interval, min_doc_count: 1 } };
  const sortable =
    panel.splits.at(-1) === split &&
    panel.measures[0] !== undefined &&
    panel.measures[0].op !== 'count' &&
    panel.measures[0].op !== 'median';
  const byValue = sortable ? { m0: 'desc' } : { _count: 'desc' };
  return { terms: { field: split.field, size: split.size, order: split.sort === 'key' ? { _key: 'asc' } : byValue } };
}

function measureAggregation(measure: Measure, index: number): [string, Body][] {
  if (measure.op === 'count' || measure.field === undefined) return [];
  const { field } = measure;
  const name = `m${index}`;
  if (measure.op === 'median') return [[name, { percentiles: { field, percents: [50] } }]];
  const operation = { sum: 'sum', average: 'avg', max: 'max', min: 'min', distinct: 'cardinality' }[measure.op];
  return [[name, { [operation]: { field } }]];
}

/** A panel's numbers: one row for each combination of its splits, one value for each measure. */
export interface Row {
  readonly keys: readonly (string | number)[];
  readonly values: readonly (number | undefined)[];
}

export function panelRows(panel: Panel, answer: { readonly aggregations?: unknown; readonly hits?: unknown }): Row[] {
  const total = ((answer.hits as { total?: { value?: number } } | undefined)?.total?.value ?? 0) as number;
  return walk(panel, panel.splits, { ...(answer.aggregations as Body | undefined), doc_count: total }, []);
}

function walk(panel: Panel, splits: readonly Split[], bucket: Body, keys: readonly (string | number)[]): Row[] {
  const [split, ...others] = splits;
  if (split === undefined)
    return [{ keys, values: panel.measures.map((measure, index) => measured(measure, index, bucket)) }];
  const buckets = (bucket.split as { buckets?: (Body & { key: string | number })[] } | undefined)?.buckets ?? [];
  return buckets.flatMap((inner) => walk(panel, others, inner, [...keys, inner.key]));
}

function measured(measure: Measure, index: number, bucket: Body): number | undefined {
  if (measure.op === 'count') return bucket.doc_count as number;
  const found = bucket[`m${index}`] as { value?: number | null; values?: Record<string, number | null> } | undefined;
  const value = measure.op === 'median' ? found?.values?.['50.0'] : found?.value;
  return value ?? undefined;
}
