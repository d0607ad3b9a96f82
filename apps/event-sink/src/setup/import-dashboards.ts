import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@vigilia/service';
import { asInteger, asRecord } from '../schema/json-fields.ts';

export interface ImportOptions {
  readonly kibanaUrl: string;
  readonly dir: string;
  readonly apiKey?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/**
 * Imports every `*.ndjson` of a folder into Kibana, over what is there (`POST /api/saved_objects/_import?overwrite=true`).
 * @throws UsageError `kibana_refused`, `dashboards_missing`
 */
export async function importDashboards(options: ImportOptions): Promise<{ file: string; objects: number }[]> {
  const names = (await readdir(options.dir).catch(() => [])).filter((name) => name.endsWith('.ndjson')).sort();
  if (names.length === 0) {
    throw new UsageError({
      code: 'dashboards_missing',
      message: `There are no dashboards (*.ndjson) in ${options.dir}.`,
      remedy: 'Give --dashboards-dir.',
    });
  }
  const imported: { file: string; objects: number }[] = [];
  for (const file of names) {
    imported.push({ file, objects: await importOne(file, options) });
  }
  return imported;
}

async function importOne(file: string, options: ImportOptions): Promise<number> {
  const form = new FormData();
  form.append('file', new Blob([await readFile(join(options.dir, file))], { type: 'application/ndjson' }), file);
  const url = new URL('/api/saved_objects/_import?overwrite=true', options.kibanaUrl);
  const headers = { 'kbn-xsrf': 'true', ...authorization(options) };
  let response: Response;
  try {
    response = await fetch(url, { method: 'POST', headers, body: form });
  } catch (cause) {
    throw new UsageError({
      code: 'kibana_refused',
      message: `Kibana at ${url.origin} does not answer.`,
      remedy: 'Check KIBANA_URL.',
      cause,
    });
  }
  const answer = asRecord(await response.json().catch(() => undefined));
  if (!response.ok || answer?.success !== true) {
    const detail = JSON.stringify(answer?.errors ?? answer?.message ?? response.statusText).slice(0, 500);
    throw new UsageError({
      code: 'kibana_refused',
      message: `Kibana refused ${file} (status ${response.status}): ${detail}.`,
    });
  }
  return asInteger(answer.successCount) ?? 0;
}

/** The header of whichever credentials are given. */
export function authorization({ apiKey, username, password }: ImportOptions): Record<string, string> {
  if (apiKey !== undefined) return { authorization: `ApiKey ${apiKey}` };
  if (username === undefined || password === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
}
