import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { indexedFields } from '../schema/mappings.ts';
import { alertRules, ruleBody } from './alert-rules.ts';
import { dashboards } from './all-dashboards.ts';
import { generatedFiles } from './generated-files.ts';
import { DASHBOARDS_DIR } from './write-files.ts';

interface Line {
  id: string;
  type: string;
  attributes: {
    title: string;
    panelsJSON: string;
    optionsJSON: string;
    timeFieldName?: string;
    kibanaSavedObjectMeta: { searchSourceJSON: string };
  };
  references: { id: string; name: string; type: string }[];
}
interface LensPanel {
  panelIndex: string;
  gridData: { x: number; y: number; w: number; h: number; i: string };
  embeddableConfig: {
    attributes: {
      references: { id: string; name: string }[];
      state: {
        visualization: unknown;
        datasourceStates: {
          formBased: {
            layers: Record<
              string,
              {
                columns: Record<
                  string,
                  {
                    sourceField: string;
                    operationType: string;
                    dataType: string;
                    params: { orderBy?: { columnId?: string } };
                  }
                >;
                columnOrder: string[];
              }
            >;
          };
        };
      };
    };
  };
}

const objects = (content: string): Line[] =>
  content
    .trimEnd()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);

describe('deploy/kibana', () => {
  it('is generated from the descriptions: run `vigilia event-sink dashboards` after a change', async () => {
    const files = generatedFiles();
    const there = (await readdir(DASHBOARDS_DIR, { recursive: true })).filter((name) => name.endsWith('.ndjson'));
    expect(there.sort()).toEqual([...files.keys()].sort());
    for (const [name, content] of files) {
      expect(await readFile(join(DASHBOARDS_DIR, name), 'utf8')).toBe(content);
    }
  });

  it('ends each dashboard file with the summary of an export', () => {
    for (const [name, content] of generatedFiles()) {
      if (name.startsWith('rules/')) continue;
      expect(JSON.parse(content.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
        exportedCount: objects(content).length,
        missingRefCount: 0,
      });
    }
  });
});

describe.each(dashboards.map((dashboard) => [dashboard.id, dashboard] as const))('%s', (id, dashboard) => {
  const all = objects(generatedFiles().get(`${id}.ndjson`) ?? '');
  const board = all.find(({ type }) => type === 'dashboard');
  const panels = JSON.parse(board?.attributes.panelsJSON ?? '[]') as LensPanel[];
  const fields = indexedFields();

  it('resolves every reference, of the dashboard and of each panel', () => {
    const ids = new Set(all.map((object) => object.id));
    expect(panels.length).toBe(dashboard.panels.length);
    for (const panel of panels) {
      const { attributes } = panel.embeddableConfig;
      for (const layer of Object.keys(attributes.state.datasourceStates.formBased.layers)) {
        const own = attributes.references.find(({ name }) => name === `indexpattern-datasource-layer-${layer}`);
        const outer = board?.references.find(
          ({ name }) => name === `${panel.panelIndex}:indexpattern-datasource-layer-${layer}`,
        );
        expect(ids).toContain(own?.id);
        expect(outer?.id).toBe(own?.id);
      }
    }
    for (const view of all.filter(({ type }) => type === 'index-pattern')) {
      expect(view.attributes.timeFieldName).toBe('@timestamp');
    }
    expect(() =>
      [board?.attributes.optionsJSON, board?.attributes.kibanaSavedObjectMeta.searchSourceJSON].map((text) =>
        JSON.parse(text ?? ''),
      ),
    ).not.toThrow();
  });

  it('uses only fields that the templates index, with operations their types allow', () => {
    for (const panel of panels) {
      for (const layer of Object.values(panel.embeddableConfig.attributes.state.datasourceStates.formBased.layers)) {
        expect(layer.columnOrder).toEqual(Object.keys(layer.columns));
        for (const column of Object.values(layer.columns)) {
          if (column.operationType === 'count') continue;
          const type = fields.get(column.sourceField);
          expect([column.sourceField, type]).not.toEqual([column.sourceField, undefined]);
          if (['sum', 'average', 'median', 'max', 'min'].includes(column.operationType)) {
            expect(type).toMatch(/^(long|integer|double)$/);
          }
          if (column.operationType === 'terms') {
            expect(column.dataType).toBe(type === 'keyword' ? 'string' : 'number');
          }
          const orderedBy = column.params.orderBy?.columnId;
          if (orderedBy !== undefined) {
            expect(layer.columnOrder).toContain(orderedBy);
          }
        }
      }
    }
    for (const { where } of dashboard.panels) {
      for (const { field } of where) {
        expect(fields.has(field)).toBe(true);
      }
    }
  });

  it('shows only columns that the documents have', () => {
    for (const panel of panels) {
      const { state } = panel.embeddableConfig.attributes;
      const columns = Object.values(state.datasourceStates.formBased.layers).flatMap(({ columnOrder }) => columnOrder);
      const shown = [...JSON.stringify(state.visualization).matchAll(/"((?:split|measure)-\d+)"/g)].map(
        ([, column]) => column,
      );
      expect(new Set(shown)).toEqual(new Set(columns));
    }
  });

  it('lays panels out without overlap, inside 48 columns, each under its own id', () => {
    expect(new Set(panels.map(({ panelIndex }) => panelIndex)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { gridData } of panels) {
      expect(gridData.x + gridData.w).toBeLessThanOrEqual(48);
      for (let x = gridData.x; x < gridData.x + gridData.w; x += 1) {
        for (let y = gridData.y; y < gridData.y + gridData.h; y += 1) {
          expect(taken.has(`${x} ${y}`)).toBe(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });
});

describe('alert rules', () => {
  it.each(alertRules.map((rule) => [rule.id, rule] as const))(
    '%s asks for indexed fields and has no recipients of its own',
    (_, rule) => {
      const fields = indexedFields();
      const body = ruleBody(rule) as {
        params: { esQuery: string; aggField?: string; termField?: string };
        actions: unknown[];
      };
      expect(JSON.parse(body.params.esQuery)).toHaveProperty('query.bool.filter');
      for (const field of [
        ...rule.where.map((condition) => condition.field),
        body.params.aggField,
        body.params.termField,
      ]) {
        if (field !== undefined) {
          expect(fields.has(field)).toBe(true);
        }
      }
      expect(body.actions).toEqual([]);
    },
  );
});
