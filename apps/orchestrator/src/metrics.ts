import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Store } from './observe/store.ts';

/** What the orchestrator counts. Unwatched time per room comes first. */
export interface Meters {
  planned(durationMs: number, actions: number): void;
}

export function registerMeters(registry: Registry, store: Store, monotonic: () => number): Meters {
  registerGauges(registry, store, monotonic);
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
