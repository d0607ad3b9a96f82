import { createHash } from 'node:crypto';
import { dataStreamPattern, type Stream, streamNames, streams } from '../schema/data-streams.ts';
import { mappings } from '../schema/mappings.ts';
import type { Retention } from '../settings/retention-tables.ts';

/** Raise it with every change of mappings or settings: set-up upgrades what is older and leaves what is newer. */
export const TEMPLATE_VERSION = 4;

interface TemplateMeta {
  readonly version: number;
  readonly managed_by: 'vigilia';
  /** Hash of the content, retention included: distinguishes a changed setting from an unchanged template. */
  readonly hash: string;
}

interface TemplateBody {
  readonly _meta: TemplateMeta;
  readonly version: number;
  readonly template: Readonly<Record<string, unknown>>;
  readonly index_patterns?: string[];
  readonly data_stream?: Record<string, never>;
  readonly priority?: number;
  readonly composed_of?: string[];
  readonly ignore_missing_component_templates?: string[];
}

export interface NamedTemplate {
  readonly kind: 'component' | 'index';
  readonly name: string;
  readonly body: TemplateBody;
}

export const MAPPINGS_COMPONENT = 'vigilia@mappings';
const CUSTOM_COMPONENT = 'vigilia@custom';

const settings = {
  index: { mode: 'standard', codec: 'best_compression', auto_expand_replicas: '0-1', refresh_interval: '5s' },
};

/** Of what a backing index takes over when it is made; it stands in the mapping itself (`_meta.vigilia.hash`). */
export const MAPPING_HASH = hashOf({ settings, mappings });

/**
 * Component templates first, then one index template a data stream. `vigilia@custom` is the residence's own: composed last, never written.
 * Priority 500 is over Elastic's built-in `logs-*-*` (100) and the 200 that is advised for one's own.
 */
export function buildTemplates(retention: Retention): NamedTemplate[] {
  const _meta = { vigilia: { version: TEMPLATE_VERSION, hash: MAPPING_HASH } };
  return [
    named('component', 'vigilia@settings', { template: { settings } }),
    named('component', MAPPINGS_COMPONENT, { template: { mappings: { ...mappings, _meta } } }),
    ...streams.map((stream) => indexTemplate(stream, retention)),
  ];
}

/** Returns the retention of a data stream as Elasticsearch writes it. */
export function dataRetention(stream: Stream, retention: Retention): string {
  return `${retention[stream]}d`;
}

function indexTemplate(stream: Stream, retention: Retention): NamedTemplate {
  return named('index', streamNames[stream], {
    index_patterns: [dataStreamPattern(stream)],
    data_stream: {},
    priority: 500,
    composed_of: ['vigilia@settings', MAPPINGS_COMPONENT, CUSTOM_COMPONENT],
    ignore_missing_component_templates: [CUSTOM_COMPONENT],
    template: { lifecycle: { data_retention: dataRetention(stream, retention) } },
  });
}

function named(
  kind: NamedTemplate['kind'],
  name: string,
  body: Omit<TemplateBody, '_meta' | 'version'>,
): NamedTemplate {
  const hash = hashOf(body);
  return {
    kind,
    name,
    body: { ...body, version: TEMPLATE_VERSION, _meta: { version: TEMPLATE_VERSION, managed_by: 'vigilia', hash } },
  };
}

function hashOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
