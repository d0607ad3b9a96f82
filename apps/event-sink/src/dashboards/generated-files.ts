import { alertRules, ruleBody } from './alert-rules.ts';
import { dashboards } from './all-dashboards.ts';
import { dashboardFile } from './saved-objects.ts';

/** One alert rule a line, `{id, body}`; not among the dashboards, because saved objects are imported another way. */
export const RULES_FILE = 'rules/alert-rules.ndjson';

/** Everything that is generated into deploy/kibana: file name and content. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const files = new Map(dashboards.map((dashboard) => [`${dashboard.id}.ndjson`, dashboardFile(dashboard)]));
  const rules = alertRules.map((rule) => `${JSON.stringify({ id: rule.id, body: ruleBody(rule) })}\n`);
  return files.set(RULES_FILE, rules.join(''));
}
