import type { streams } from '../documents/document.ts';
import { dataStreamPattern } from '../setup/templates.ts';
import type { Condition } from './panel.ts';
import { conditionQuery } from './panel-query.ts';

/** A ready-made rule: an Elasticsearch query that Kibana runs each minute. Whom it tells is for the residence to add (its actions are empty). */
export interface AlertRule {
  readonly id: string;
  readonly name: string;
  readonly stream: (typeof streams)[number];
  readonly where: readonly Condition[];
  readonly windowMinutes: number;
  /** Fires when the number of documents, or the sum of a field, compares so with the threshold; per value of `per`, where given. */
  readonly fires: {
    readonly when: '<' | '>';
    readonly threshold: number;
    readonly sumOf?: string;
    readonly per?: string;
  };
}

export const alertRules: readonly AlertRule[] = [
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
    stream: 'metrics',
    where: [{ field: 'event.action', is: 'room_minute' }],
    windowMinutes: 5,
    fires: { when: '>', threshold: 60_000, sumOf: 'vigilia.minute.unwatched_ms', per: 'vigilia.source_id' },
  },
  {
    id: 'vigilia-fall-not-acknowledged',
    name: 'Vigilia: a fall is not acknowledged',
    stream: 'events',
    // a reminder is published every five minutes, and only until somebody acknowledges
    where: [{ field: 'event.action', is: 'fall_reminder' }],
    windowMinutes: 5,
    fires: { when: '>', threshold: 0, per: 'vigilia.source_id' },
  },
];

/** The search body of a rule, without its time window (Kibana adds that). */
export function ruleQuery(rule: AlertRule): Readonly<Record<string, unknown>> {
  return { bool: { filter: rule.where.map(conditionQuery) } };
}

/** The body of `POST /api/alerting/rule/{id}`, rule type `.es-query`. */
export function ruleBody(rule: AlertRule): Readonly<Record<string, unknown>> {
  const { when, threshold, sumOf, per } = rule.fires;
  return {
    name: rule.name,
    rule_type_id: '.es-query',
    consumer: 'stackAlerts',
    tags: ['vigilia'],
    schedule: { interval: '1m' },
    actions: [],
    params: {
      searchType: 'esQuery',
      index: [dataStreamPattern(rule.stream)],
      timeField: '@timestamp',
      esQuery: JSON.stringify({ query: ruleQuery(rule) }),
      size: 10,
      timeWindowSize: rule.windowMinutes,
      timeWindowUnit: 'm',
      thresholdComparator: when,
      threshold: [threshold],
      aggType: sumOf === undefined ? 'count' : 'sum',
      ...(sumOf !== undefined && { aggField: sumOf }),
      groupBy: per === undefined ? 'all' : 'top',
      ...(per !== undefined && { termField: per, termSize: 100 }),
      excludeHitsFromPreviousRun: false,
    },
  };
}
