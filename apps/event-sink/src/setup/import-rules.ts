import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@vigilia/service';
import { RULES_FILE } from '../dashboards/generated-files.ts';
import { asRecord, asText } from '../schema/json-fields.ts';
import { authorization, type ImportOptions } from './import-dashboards.ts';

/**
 * Creates the ready-made alert rules in Kibana (`POST /api/alerting/rule/{id}`). One that is there stays as it is: by then it has the
 * residence's own actions.
 * @throws UsageError `kibana_refused`
 */
export async function importRules(options: ImportOptions): Promise<{ id: string; action: 'created' | 'unchanged' }[]> {
  const text = await readFile(join(options.dir, RULES_FILE), 'utf8').catch(() => '');
  const done: { id: string; action: 'created' | 'unchanged' }[] = [];
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const rule = asRecord(JSON.parse(line));
    const id = asText(rule?.id) ?? '';
    done.push({ id, action: await createRule(id, rule?.body, options) });
  }
  return done;
}

async function createRule(id: string, body: unknown, options: ImportOptions): Promise<'created' | 'unchanged'> {
  const url = new URL(`/api/alerting/rule/${encodeURIComponent(id)}`, options.kibanaUrl);
  const headers = { 'kbn-xsrf': 'true', 'content-type': 'application/json', ...authorization(options) };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (response.ok) return 'created';
  if (response.status === 409) return 'unchanged';
  const detail = (await response.text()).slice(0, 500);
  throw new UsageError({
    code: 'kibana_refused',
    message: `Kibana refused the alert rule ${id} (status ${response.status}): ${detail}.`,
  });
}
