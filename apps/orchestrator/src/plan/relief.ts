import { byAge, isActive, wantsDedicated } from './incident-state.ts';
import { effectiveSetting, type WantedOverride } from './room-settings.ts';
import type { Rules } from './rules.ts';

/** Relief: every other room of the home (or of all homes) is looked at more rarely while an incident lasts. */
export function reliefOverrides({ draft, watchers }: Rules): WantedOverride[] {
  const { relief } = draft.policy;
  if (relief.scope === 'none') return [];
  const incidents = byAge(draft);
  const inIncident = new Set(incidents.filter(isActive).map((incident) => incident.source_id));
  const wantedOverrides: WantedOverride[] = [];
  for (const incident of incidents) {
    if (!wantsDedicated(draft, incident)) continue;
    for (const processor of draft.view.processors.values()) {
      const concerned = relief.scope === 'all' ? processor.role === 'home' : processor.instanceId === incident.home;
      if (!concerned || !watchers.alive(processor)) continue;
      for (const sourceId of processor.streams.keys()) {
        if (inIncident.has(sourceId)) continue;
        const { incident_id: incidentId } = incident;
        wantedOverrides.push({
          incidentId,
          processor,
          sourceId,
          field: 'max_fps',
          set: relief.max_fps,
          direction: 'lower',
        });
      }
    }
  }
  return wantedOverrides;
}

/** Writes down when relief is in force, and when it has been lifted. */
export function noteRelief(rules: Rules, wantedOverrides: readonly WantedOverride[]): void {
  const { draft } = rules;
  const lowered = wantedOverrides.filter(({ direction }) => direction === 'lower');
  const wanting = new Set(lowered.map(({ incidentId }) => incidentId));
  const unmet = new Set(
    lowered.filter((one) => !isInForce(rules, one, wantedOverrides)).map(({ incidentId }) => incidentId),
  );
  for (const { incident_id: id, state, steps } of byAge(draft)) {
    if (wanting.has(id) && !unmet.has(id)) {
      draft.step(id, 'relief_applied');
    }
    const applied = state === 'closing' && steps.relief_applied !== undefined;
    if (applied && draft.incident(id)?.overrides.length === 0) {
      draft.step(id, 'relief_lifted');
    }
  }
}

/** A processor that cannot be commanded now, and a room that an operator has set otherwise, need not be waited for. */
function isInForce(
  { draft, watchers }: Rules,
  wantedOverride: WantedOverride,
  wantedOverrides: readonly WantedOverride[],
): boolean {
  const { processor, sourceId, field } = wantedOverride;
  if (!watchers.commandable(processor)) return true;
  const effective = effectiveSetting(draft, processor, { sourceId, field, wantedOverrides });
  return effective === undefined || Number(processor.streams.get(sourceId)?.maxFps) <= Number(effective.value);
}
