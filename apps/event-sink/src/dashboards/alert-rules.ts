import { withoutUndefined } from '@vigilia/protocol';
import type { streams } from '../schema/data-streams.ts';
import { dataStreamPattern } from '../schema/data-streams.ts';
import type { Condition } from './panel.ts';
import { conditionQuery } from './panel-condition.ts';

/** A ready-made rule: an Elasticsearch query that Kibana runs each minute. The site adds the recipients, because its actions are empty. */
export interface KibanaRule {
  readonly id: string;
  readonly name: string;
  readonly stream: (typeof streams)[number];
  readonly where: readonly Condition[];
  readonly windowMinutes: number;
  /** Fires when the number of documents, or the greatest value of a field, compares so with the threshold; per value of `per`, where given. */
  readonly fires: {
    readonly when: '<' | '>';
    readonly threshold: number;
    readonly maxOf?: string;
    readonly per?: string;
  };
}

/** A minute is written when it is over, under the time of its beginning: the last one is always within two. */
const eachMinute = {
  stream: 'metrics',
  where: [{ field: 'event.action', is: 'room_minute' }],
  windowMinutes: 2,
} as const;

export const alertRules: readonly KibanaRule[] = [
  {
    id: 'vigilia-sink-silent',
    name: 'Vigilia: the event sink is silent',
    stream: 'metrics',
    where: [{ field: 'event.action', is: 'sink_metrics' }],
    windowMinutes: 2,
    fires: { when: '<', threshold: 1 },
  },
  {
    id: 'vigilia-room-unwatched',
    name: 'Vigilia: a room was unwatched for more than 60 s',
    ...eachMinute,
    fires: { when: '>', threshold: 60_000, maxOf: 'vigilia.minute.unwatched_longest_ms', per: 'vigilia.source_id' },
  },
  {
    id: 'vigilia-fall-not-acknowledged',
    name: 'Vigilia: a fall is not acknowledged for more than 2 minutes',
    ...eachMinute,
    // of the incident, whether a camera or another sensor reported the fall
    fires: { when: '>', threshold: 120_000, maxOf: 'vigilia.minute.unacknowledged_ms', per: 'vigilia.source_id' },
  },
];

/** The search body of a rule, without its time window (Kibana adds that). */
export function ruleQuery(rule: KibanaRule): Readonly<Record<string, unknown>> {
  return { bool: { filter: rule.where.map(conditionQuery) } };
}

/** The body of `POST /api/alerting/rule/{id}`, rule type `.es-query`. */
export function ruleBody(rule: KibanaRule): Readonly<Record<string, unknown>> {
  const { when, threshold, maxOf, per } = rule.fires;
  return {
    name: rule.name,
    rule_type_id: '.es-query',
    consumer: 'stackAlerts',
    tags: ['vigilia'],
    schedule: { interval: '1m' },
    actions: [],
    params: withoutUndefined({
      searchType: 'esQuery',
      index: [dataStreamPattern(rule.stream)],
      timeField: '@timestamp',
      esQuery: JSON.stringify({ query: ruleQuery(rule) }),
      size: 10,
      timeWindowSize: rule.windowMinutes,
      timeWindowUnit: 'm',
      thresholdComparator: when,
      threshold: [threshold],
      aggType: maxOf === undefined ? 'count' : 'max',
      aggField: maxOf,
      groupBy: per === undefined ? 'all' : 'top',
      termField: per,
      termSize: per === undefined ? undefined : 100,
      excludeHitsFromPreviousRun: false,
    }),
  };
}
