import { dataStreamPattern, streams } from '../schema/data-streams.ts';
import { dataViewId, LAYER_REFERENCE, lensAttributes, type Reference } from './lens-panel.ts';
import type { Dashboard, Panel } from './panel.ts';

/** Kibana's saved object, as `_import` takes it: one per line. */
interface SavedObject {
  readonly type: 'index-pattern' | 'dashboard';
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly references: readonly Reference[];
  readonly coreMigrationVersion: string;
  readonly typeMigrationVersion: string;
}

const COLUMNS = 48;

/** The NDJSON of one dashboard: its data views, itself, and the closing summary that an export has. */
export function dashboardFile(dashboard: Dashboard): string {
  const used = streams.filter((stream) => dashboard.panels.some((panel) => panel.stream === stream));
  const objects = [...used.map(dataView), dashboardObject(dashboard)];
  const summary = {
    excludedObjects: [],
    excludedObjectsCount: 0,
    exportedCount: objects.length,
    missingRefCount: 0,
    missingReferences: [],
  };
  return [...objects, summary].map((line) => `${JSON.stringify(line)}\n`).join('');
}

function dataView(stream: Panel['stream']): SavedObject {
  const title = dataStreamPattern(stream);
  return {
    type: 'index-pattern',
    id: dataViewId(stream),
    attributes: { title, name: `Vigilia ${stream}`, timeFieldName: '@timestamp' },
    references: [],
    coreMigrationVersion: '8.8.0',
    typeMigrationVersion: '8.0.0',
  };
}

function dashboardObject(dashboard: Dashboard): SavedObject {
  return {
    type: 'dashboard',
    id: dashboard.id,
    attributes: {
      title: dashboard.title,
      description: dashboard.description,
      version: 1,
      timeRestore: true,
      timeFrom: 'now-24h',
      timeTo: 'now',
      refreshInterval: { pause: false, value: 60_000 },
      panelsJSON: JSON.stringify(lensPanels(dashboard)),
      optionsJSON: JSON.stringify({
        useMargins: true,
        syncColors: true,
        syncCursor: true,
        syncTooltips: false,
        hidePanelTitles: false,
      }),
      kibanaSavedObjectMeta: {
        searchSourceJSON: JSON.stringify({ query: { query: '', language: 'kuery' }, filter: [] }),
      },
    },
    references: dashboard.panels.map(({ id, stream }) => ({
      type: 'index-pattern',
      id: dataViewId(stream),
      name: `${id}:${LAYER_REFERENCE}`,
    })),
    coreMigrationVersion: '8.8.0',
    typeMigrationVersion: '8.9.0',
  };
}

function lensPanels({ panels }: Dashboard): Readonly<Record<string, unknown>>[] {
  const places = layOut(panels);
  return panels.map((panel, index) => ({
    version: '8.9.0',
    type: 'lens',
    gridData: { ...places[index], i: panel.id },
    panelIndex: panel.id,
    title: panel.title,
    embeddableConfig: { attributes: lensAttributes(panel), enhancements: {} },
  }));
}

/** Rows from left to right: a panel that does not fit into the row begins the next. */
function layOut(panels: readonly Panel[]): { x: number; y: number; w: number; h: number }[] {
  let [x, y, rowHeight] = [0, 0, 0];
  return panels.map(({ size: { width, height } }) => {
    if (x + width > COLUMNS) {
      y += rowHeight;
      x = 0;
      rowHeight = 0;
    }
    const place = { x, y, w: width, h: height };
    x += width;
    rowHeight = Math.max(rowHeight, height);
    return place;
  });
}
