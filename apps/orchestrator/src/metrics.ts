import { alarmJudgements, summariseAlarms } from '@vigilia/protocol';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Store } from './observe/store.ts';

/** What the orchestrator counts. Unwatched time per room comes first. */
export interface Meters {
  planned(durationMs: number, actions: number): void;
}

export function registerMeters(registry: Registry, store: Store, monotonic: () => number): Meters {
  registerGauges(registry, store, monotonic);
  registerAlarmGauges(registry, store);
  const registers = [registry];
  const seconds = new Histogram({
    name: 'vigilia_plan_seconds',
    help: 'Time one look takes to plan',
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1],
    registers,
  });
  const actions = new Counter({ name: 'vigilia_planned_actions_total', help: 'Actions planned', registers });
  return {
    planned: (durationMs, count) => {
      seconds.observe(durationMs / 1000);
      actions.inc(count);
    },
  };
}

/** Models and rules that are counted by name; further ones count as `other`. A sensor may report any name. */
const mostModelRules = 32;

/** Alarms of the last weeks. Gauges, because a verdict that is taken back takes its count back. */
function registerAlarmGauges(registry: Registry, store: Store): void {
  const summary = () => summariseAlarms(store.alarmFigures.figures ?? { alarms: [], weeks: [] });
  const registers = [registry];
  new Gauge({
    name: 'vigilia_alarms',
    help: 'Alarms of this week and the four before, by what a person found: true, false or unknown',
    labelNames: ['source_id', 'verdict'],
    registers,
    collect() {
      this.reset();
      for (const room of summary().rooms) {
        for (const verdict of alarmJudgements) {
          this.set({ source_id: String(room.sourceId), verdict }, room[verdict]);
        }
      }
    },
  });
  new Gauge({
    name: 'vigilia_alarms_by_rule',
    help: 'The same alarms, by the model and the rule that raised them',
    labelNames: ['model_id', 'rule', 'verdict'],
    registers,
    collect() {
      this.reset();
      for (const [index, one] of summary().models.entries()) {
        const isNamed = index < mostModelRules;
        const model_id = isNamed ? (one.modelId ?? 'not stated') : 'other';
        const rule = isNamed ? (one.rule ?? 'not stated') : 'other';
        for (const verdict of alarmJudgements) {
          this.inc({ model_id, rule, verdict }, one[verdict]);
        }
      }
    },
  });
  new Gauge({
    name: 'vigilia_watched_room_weeks',
    help: 'Weeks in which the room was watched, of this week and the four before',
    labelNames: ['source_id'],
    registers,
    collect() {
      this.reset();
      for (const { sourceId, watchedWeeks } of summary().rooms) {
        this.set({ source_id: String(sourceId) }, watchedWeeks);
      }
    },
  });
}

/** Read when they are asked for. */
function registerGauges(registry: Registry, store: Store, monotonic: () => number): void {
  const gauge = (
    name: string,
    help: string,
    label: string | undefined,
    read: () => Iterable<readonly [string, number]>,
  ): void => {
    const labelNames = label === undefined ? [] : [label];
    const metric = new Gauge({ name, help, labelNames, registers: [registry], collect });
    function collect(): void {
      metric.reset();
      for (const [value, count] of read()) {
        if (label === undefined) {
          metric.set(count);
        } else {
          metric.inc({ [label]: value }, count);
        }
      }
    }
  };
  const unwatched = () =>
    Object.entries(store.unwatched.report(monotonic())).map(([room, ms]) => [room, ms / 1000] as const);
  gauge('vigilia_room_longest_unwatched_seconds', 'Longest time a room was unwatched', 'source_id', unwatched);
  const incidents = () => [...store.incidents.all.values()].map(({ incident }) => [incident.state, 1] as const);
  gauge('vigilia_incidents', 'Incidents known, by state', 'state', incidents);
  const dedicated = () => [...store.facts().runtime.instances.values()].map((one) => [one.state, 1] as const);
  gauge('vigilia_dedicated_processors', 'Dedicated processors that the runtime lists, by state', 'state', dedicated);
}
