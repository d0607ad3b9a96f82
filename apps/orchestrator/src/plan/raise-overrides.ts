import type { Allocation } from './allocate.ts';
import { byAge, dedicatedOf } from './incident-state.ts';
import type { WantedOverride } from './room-settings.ts';
import type { Rules } from './rules.ts';

/**
 * Where a fall has no dedicated processor (none can be started, or it waits for one), its home looks at that room more
 * often, and with the incident's model once starting one has failed for good.
 */
export function raiseOverrides(rules: Rules, allocations: ReadonlyMap<string, Allocation>): WantedOverride[] {
  const { draft, watchers } = rules;
  const wantedOverrides: WantedOverride[] = [];
  for (const incident of byAge(draft)) {
    const allocation = allocations.get(incident.incident_id);
    if (allocation === undefined) continue;
    const processor = dedicatedOf(rules.dedicated, incident)?.processor;
    if (processor !== undefined && watchers.sees(processor, incident.source_id)) continue;
    const firstTry = allocation.kind !== 'wait' && incident.attempts.spawn <= 1 && !incident.degraded;
    if (firstTry) continue;
    const common = { incidentId: incident.incident_id, sourceId: incident.source_id, direction: 'raise' as const };
    for (const home of watchers.watchersOf(incident.source_id)) {
      if (home.role !== 'home') continue;
      wantedOverrides.push({ ...common, processor: home, field: 'max_fps', set: draft.policy.degraded.max_fps });
      const model = draft.policy.incident.model_id;
      if (!incident.degraded || model === undefined || failedThere(rules, home.instanceId, incident.source_id))
        continue;
      wantedOverrides.push({ ...common, processor: home, field: 'model_id', set: model, direction: 'either' });
    }
  }
  return wantedOverrides;
}

/** The home does not have the incident's model either: its own will have to do. */
function failedThere({ draft }: Rules, instanceId: string, sourceId: number): boolean {
  const code = draft.view.failures.get(`model:${instanceId}:${sourceId}`)?.code;
  return code === 'model_not_found' || code === 'model_invalid';
}
