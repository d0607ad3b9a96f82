import { lensColumns, measureId, splitId } from './lens-columns.ts';
import type { Panel } from './panel.ts';
import { conditionKql } from './panel-condition.ts';

export interface Reference {
  readonly type: 'index-pattern';
  readonly id: string;
  readonly name: string;
}

const LAYER = 'layer';
const VISUALIZATIONS = { number: 'lnsMetric', bars: 'lnsXY', lines: 'lnsXY', table: 'lnsDatatable' } as const;

/** The name under which a Lens state looks for its data view; in a dashboard with `{panel}:` before it. */
export const LAYER_REFERENCE = `indexpattern-datasource-layer-${LAYER}`;

/** The id of a stream's data view: fixed, so that an import finds it again. */
export const dataViewId = (stream: Panel['stream']): string => `vigilia-${stream}`;

/** A by-value Lens panel's attributes. */
export function lensAttributes(panel: Panel): Readonly<Record<string, unknown>> {
  const columns = lensColumns(panel);
  const reference: Reference = { type: 'index-pattern', id: dataViewId(panel.stream), name: LAYER_REFERENCE };
  return {
    title: panel.title,
    description: '',
    visualizationType: VISUALIZATIONS[panel.shape],
    type: 'lens',
    references: [reference],
    state: {
      visualization: visualization(panel),
      query: { query: panel.where.map(conditionKql).join(' and '), language: 'kuery' },
      filters: [],
      datasourceStates: {
        formBased: {
          layers: { [LAYER]: { columns, columnOrder: Object.keys(columns), incompleteColumns: {}, sampling: 1 } },
        },
      },
      internalReferences: [],
      adHocDataViews: {},
    },
  };
}

function visualization(panel: Panel): Readonly<Record<string, unknown>> {
  const common = { layerId: LAYER, layerType: 'data' };
  const accessors = panel.measures.map((_, index) => measureId(index));
  if (panel.shape === 'number') return { ...common, metricAccessor: measureId(0) };
  if (panel.shape === 'table') {
    const columns = [...panel.splits.map((_, index) => splitId(index)), ...accessors];
    return { ...common, columns: columns.map((columnId) => ({ columnId, isTransposed: false })) };
  }
  const seriesType = panel.shape === 'lines' ? 'line' : 'bar_stacked';
  const splitAccessor = panel.splits.length > 1 ? { splitAccessor: splitId(1) } : {};
  return {
    legend: { isVisible: panel.splits.length > 1, position: 'right' },
    valueLabels: 'hide',
    fittingFunction: 'None',
    preferredSeriesType: seriesType,
    layers: [{ ...common, seriesType, accessors, xAccessor: splitId(0), ...splitAccessor }],
  };
}
