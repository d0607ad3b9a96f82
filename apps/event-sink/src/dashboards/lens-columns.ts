import type { Measure, Panel, Split } from './panel.ts';

/** A column of a Lens layer, in the form Kibana 8.9 and later read (saved object type `dashboard`, by-value panels). */
export interface LensColumn {
  readonly label: string;
  readonly customLabel: true;
  readonly dataType: 'number' | 'string' | 'date';
  readonly operationType: string;
  readonly sourceField: string;
  readonly isBucketed: boolean;
  readonly scale: 'ratio' | 'interval' | 'ordinal';
  readonly params: Readonly<Record<string, unknown>>;
}

export const splitId = (index: number): string => `split-${index}`;
export const measureId = (index: number): string => `measure-${index}`;

/** A panel's columns by id, buckets first. */
export function lensColumns(panel: Panel): Record<string, LensColumn> {
  const splits = panel.splits.map((split, index) => [splitId(index), splitColumn(split, panel)] as const);
  const measures = panel.measures.map((measure, index) => [measureId(index), measureColumn(measure)] as const);
  return Object.fromEntries([...splits, ...measures]);
}

function splitColumn(split: Split, panel: Panel): LensColumn {
  if (split.by === 'time') {
    const params = { interval: 'auto', includeEmptyRows: true, dropPartials: false };
    return {
      label: 'Time',
      customLabel: true,
      dataType: 'date',
      operationType: 'date_histogram',
      sourceField: '@timestamp',
      isBucketed: true,
      scale: 'interval',
      params,
    };
  }
  const { field, label, size, sort } = split;
  const isKey = sort === 'key' || panel.measures[0]?.op === 'median';
  const orderBy = isKey ? { type: 'alphabetical', fallback: false } : { type: 'column', columnId: measureId(0) };
  const params = {
    size,
    orderBy,
    orderDirection: isKey ? 'asc' : 'desc',
    otherBucket: false,
    missingBucket: false,
    parentFormat: { id: 'terms' },
  };
  const dataType = NUMBERS.has(field) ? 'number' : 'string';
  return {
    label,
    customLabel: true,
    dataType,
    operationType: 'terms',
    sourceField: field,
    isBucketed: true,
    scale: 'ordinal',
    params,
  };
}

/** Fields of whole numbers that panels are split by. */
const NUMBERS = new Set(['vigilia.source_id', 'vigilia.local_hour']);

const OPERATIONS = {
  count: 'count',
  sum: 'sum',
  average: 'average',
  median: 'median',
  max: 'max',
  min: 'min',
  distinct: 'unique_count',
} as const;

function measureColumn(measure: Measure): LensColumn {
  const { label, op, field = '___records___' } = measure;
  const format = formatOf(measure);
  return {
    label,
    customLabel: true,
    dataType: 'number',
    operationType: OPERATIONS[op],
    sourceField: field,
    isBucketed: false,
    scale: 'ratio',
    params: format === undefined ? { emptyAsNull: true } : { emptyAsNull: true, format },
  };
}

function formatOf({ as, field = '' }: Measure): Readonly<Record<string, unknown>> | undefined {
  if (as === undefined || as === 'date') return undefined;
  if (as === 'percent') return { id: 'number', params: { decimals: 1, suffix: ' %' } };
  if (as === 'milliseconds') return { id: 'number', params: { decimals: 0, suffix: ' ms' } };
  const fromUnit = field.endsWith('_seconds') ? 'seconds' : 'milliseconds';
  return { id: 'duration', params: { fromUnit, toUnit: as === 'minutes' ? 'asMinutes' : 'asSeconds', decimals: 1 } };
}
