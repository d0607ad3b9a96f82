import { errors } from '@elastic/elasticsearch';
import type { ElasticsearchClient } from '../elasticsearch/client.ts';
import { dataStreamPattern, streamNames, streams } from '../schema/data-streams.ts';
import { asInteger, asRecord, asText } from '../schema/json-fields.ts';
import type { Retention } from '../settings/retention-tables.ts';
import {
  buildTemplates,
  dataRetention,
  MAPPING_HASH,
  MAPPINGS_COMPONENT,
  type NamedTemplate,
  TEMPLATE_VERSION,
} from './templates.ts';

/** `newer_left`: it is of a later version of the sink and was not touched. */
type SetupAction =
  | 'created'
  | 'upgraded'
  | 'updated'
  | 'unchanged'
  | 'newer_left'
  | 'rolled_over'
  | 'retention_set'
  | 'retention_refused'
  | 'not_supported';

export interface SetupStep {
  readonly name: string;
  readonly action: SetupAction;
  readonly from?: number;
  readonly to?: number;
  /** Of a refusal. */
  readonly reason?: string;
}

/** What is installed of a template. */
interface Installed {
  readonly version: number | undefined;
  readonly hash: string | undefined;
}

/**
 * Installs templates and lifecycle. May be run again at any time: a template of this version stays, an older one is upgraded, a newer one
 * is kept and logged. Each data stream is then compared by itself, so that the next run completes one that was interrupted: a stream whose write
 * index has another mapping gets a new backing index, one with another retention gets the new one.
 * @throws the client's errors
 */
export async function setupElasticsearch(client: ElasticsearchClient, retention: Retention): Promise<SetupStep[]> {
  const steps: SetupStep[] = [];
  for (const template of buildTemplates(retention)) {
    steps.push(await install(client, template));
  }
  const isNewer = (name: string) => steps.some((step) => step.name === name && step.action === 'newer_left');
  for (const stream of streams) {
    if (isNewer(streamNames[stream])) continue;
    const wanted = dataRetention(stream, retention);
    for (const { name, retention: set } of await dataStreamsOf(client, dataStreamPattern(stream))) {
      if (!isNewer(MAPPINGS_COMPONENT) && !(await hasMapping(client, name))) {
        steps.push(await rollOver(client, name));
      }
      if (set !== wanted) {
        steps.push(await setRetention(client, name, wanted));
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
    if ((installed?.version ?? 0) < TEMPLATE_VERSION) {
      missing.push(name);
    }
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
  if (kind === 'component') {
    await client.cluster.putComponentTemplate({ name, ...body });
  } else {
    await client.indices.putIndexTemplate({ name, ...body });
  }
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

async function dataStreamsOf(
  client: ElasticsearchClient,
  pattern: string,
): Promise<{ name: string; retention: string | undefined }[]> {
  const answer = await client.indices.getDataStream({ name: pattern, expand_wildcards: 'all' });
  return answer.data_streams.map(({ name, lifecycle }) => ({ name, retention: asText(lifecycle?.data_retention) }));
}

/** Whether what is written now is mapped by this version: the mapping carries its own hash. */
async function hasMapping(client: ElasticsearchClient, dataStream: string): Promise<boolean> {
  const indices = Object.entries(await client.indices.getMapping({ index: dataStream }));
  // `.ds-{name}-{date}-{generation}`: the last generation is the one that is written to
  const generation = (index: string) => Number(/-(\d+)$/.exec(index)?.[1] ?? 0);
  const [, last] = indices.sort(([a], [b]) => generation(a) - generation(b)).at(-1) ?? [];
  return asText(asRecord(last?.mappings._meta?.vigilia)?.hash) === MAPPING_HASH;
}

async function rollOver(client: ElasticsearchClient, name: string): Promise<SetupStep> {
  await client.indices.rollover({ alias: name });
  return { name, action: 'rolled_over' };
}

/** A data stream keeps the retention that it was created with: a changed one must be set. */
async function setRetention(client: ElasticsearchClient, name: string, retention: string): Promise<SetupStep> {
  try {
    await client.indices.putDataLifecycle({ name, data_retention: retention });
    return { name, action: 'retention_set' };
  } catch (error) {
    if (!(error instanceof errors.ResponseError)) throw error;
    const reason = asText(asRecord(asRecord(error.body)?.error)?.reason) ?? error.message;
    // a server without the lifecycle module has no such route
    if (error.statusCode === 405 || /no handler found/i.test(JSON.stringify(error.body) ?? ''))
      return { name, action: 'not_supported' };
    if (error.statusCode === 400) return { name, action: 'retention_refused', reason };
    throw error;
  }
}
