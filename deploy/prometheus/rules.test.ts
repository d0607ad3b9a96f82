import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@vigilia/testing';
import { parse } from 'yaml';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly remedy: string };
}

const file = parse(readFileSync(join(repoRoot, 'deploy/prometheus/vigilia.rules.yml'), 'utf8')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
};
const rules = file.groups.flatMap((group) => group.rules);

/** Metrics that services define: the name stands in their sources, in quotes. */
function definedMetrics(): Set<string> {
  const sources = ['apps', 'packages'].flatMap((folder) =>
    readdirSync(join(repoRoot, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /(^|\/)src\/.*\.ts$/.test(path) && !/\.test\.ts$|node_modules/.test(path))
      .map((path) => readFileSync(join(repoRoot, folder, path), 'utf8')),
  );
  return new Set(sources.flatMap((text) => text.match(/(?<=['`])vigilia_\w+(?=['`])/g) ?? []));
}

describe('the alert rules for Prometheus', () => {
  test('use metrics that services have', () => {
    const used = rules.flatMap(({ expr }) => expr.match(/vigilia_\w+/g) ?? []);
    expect(used.length).toBeGreaterThan(8);
    const defined = definedMetrics();
    expect(used.filter((name) => !defined.has(name))).toEqual([]);
  });

  test('have different names, a severity, and state what to do', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { labels, annotations } of rules) {
      expect(['page', 'ticket']).toContain(labels.severity);
      expect(annotations.summary).toMatch(/\.$/);
      expect(annotations.remedy).toMatch(/\.$/);
    }
  });
});
