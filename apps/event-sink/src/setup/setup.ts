import { errors } from '@elastic/elasticsearch';
import { streamNames, streams } from '../documents/document.ts';
import { asInteger, asRecord, asText } from '../documents/fields.ts';
import type { ElasticsearchClient } from '../elasticsearch/client.ts';
import {
  buildTemplates,
  dataStreamPattern,
  type NamedTemplate,
  type Retention,
  retentionOf,
  TEMPLATE_VERSION,
} from './templates.ts';

/** `newer_left`: it is of a later version of the sink and was not touched. */
export type SetupAction =
  | 'created'
  | 'upgraded'
  | 'updated'
  | 'unchanged'
  | 'newer_left'
  | 'rolled_over'
  | 'retention_set'
  | 'not_supported';

export interface SetupStep {
  readonly name: string;
  readonly action: SetupAction;
  readonly from?: number;
  readonly to?: number;
}

/** What is installed of a template. */
interface Installed {
  readonly version: number | undefined;
  readonly hash: string | undefined;
}

/**
 * Installs templates and lifecycle. May be run again at any time: what is there in this version stays, an older one is upgraded (its data
 * streams then get a new backing index, so that the new mapping counts at once), a newer one is left and said.
 * @throws the client's errors
 */
export async function setupElasticsearch(client: ElasticsearchClient, retention: Retention): Promise<SetupStep[]> {
  const steps: SetupStep[] = [];
  for (const template of buildTemplates(retention)) steps.push(await install(client, template));
  const hasChanged = steps.some(({ action }) => action === 'upgraded' || action === 'updated');
  if (hasChanged) {
    for (const stream of streams) {
      for (const name of await dataStreamsOf(client, dataStreamPattern(stream))) {
        steps.push(await rollOver(client, name), await setRetention(client, name, retentionOf(stream, retention)));
      }
    }
  }
  return steps;
}

/** The names of templates that are missing or older than this sink; asks, changes nothing. */
export async function missingTemplates(client: ElasticsearchClient): Promise<string[]> {
  const missing: string[] = [];
  for (const name of Object.values(streamNames)) {
    const installed = await readInstalled(client, 'index', name);
    if ((installed?.version ?? 0) < TEMPLATE_VERSION) missing.push(name);
  }
  return missing;
}

async function install(client: ElasticsearchClient, template: NamedTemplate): Promise<SetupStep> {
  const { kind, name, body } = template;
  const installed = await readInstalled(client, kind, name);
  const { version, hash } = body._meta;
  if (installed?.version !== undefined && installed.version > version)
    return { name, action: 'newer_left', from: installed.version, to: version };
  if (installed?.version === version && installed.hash === hash) return { name, action: 'unchanged', to: version };
  if (kind === 'component') await client.cluster.putComponentTemplate({ name, ...body });
  else await client.indices.putIndexTemplate({ name, ...body });
  if (installed === undefined) return { name, action: 'created', to: version };
  const from = installed.version ?? 0;
  return { name, action: from < version ? 'upgraded' : 'updated', from, to: version };
}

async function readInstalled(
  client: ElasticsearchClient,
  kind: NamedTemplate['kind'],
  name: string,
): Promise<Installed | undefined> {
  try {
    const meta =
      kind === 'component'
        ? (await client.cluster.getComponentTemplate({ name })).component_templates[0]?.component_template._meta
        : (await client.indices.getIndexTemplate({ name })).index_templates[0]?.index_template._meta;
    const fields = asRecord(meta);
    return { version: asInteger(fields?.version), hash: asText(fields?.hash) };
  } catch (error) {
    if (error instanceof errors.ResponseError && error.statusCode === 404) return undefined;
    throw error;
  }
}

async function dataStreamsOf(client: ElasticsearchClient, pattern: string): Promise<string[]> {
  const answer = await client.indices.getDataStream({ name: pattern, expand_wildcards: 'all' });
  return answer.data_streams.map(({ name }) => name);
}

async function rollOver(client: ElasticsearchClient, name: string): Promise<SetupStep> {
  await client.indices.rollover({ alias: name });
  return { name, action: 'rolled_over' };
}

/** A data stream keeps the retention it was made with: a changed one must be told to it. */
async function setRetention(client: ElasticsearchClient, name: string, retention: string): Promise<SetupStep> {
  try {
    await client.indices.putDataLifecycle({ name, data_retention: retention });
    return { name, action: 'retention_set' };
  } catch (error) {
    // a server without the lifecycle module has no such route
    if (error instanceof errors.ResponseError && (error.statusCode === 400 || error.statusCode === 405))
      return { name, action: 'not_supported' };
    throw error;
  }
}
