import { byAge, isActive, wantsDedicated } from './incident-state.ts';
import { currentValue, type Overlay, slotOf } from './overlays.ts';
import type { Rules } from './rules.ts';

/** Relief: every other room of the home (or of all homes) is looked at more rarely while an incident lasts. */
export function reliefOverlays({ draft, watching }: Rules): Overlay[] {
  const { relief } = draft.policy;
  if (relief.scope === 'none') return [];
  const incidents = byAge(draft);
  const inIncident = new Set(incidents.filter(isActive).map((incident) => incident.source_id));
  const overlays: Overlay[] = [];
  for (const incident of incidents) {
    if (!wantsDedicated(draft, incident)) continue;
    for (const processor of draft.view.processors.values()) {
      const concerned = relief.scope === 'all' ? processor.role === 'home' : processor.instanceId === incident.home;
      if (!concerned || !watching.alive(processor)) continue;
      for (const sourceId of processor.streams.keys()) {
        if (inIncident.has(sourceId)) continue;
        const { incident_id: incidentId } = incident;
        overlays.push({ incidentId, processor, sourceId, field: 'max_fps', set: relief.max_fps, direction: 'lower' });
      }
    }
  }
  return overlays;
}

/** Writes down when relief is in force, and when it has been lifted. */
export function noteRelief(rules: Rules, overlays: readonly Overlay[]): void {
  const { draft } = rules;
  const unmet = new Set<string>();
  const wanting = new Set<string>();
  const voided = new Set<string>();
  for (const { incident } of draft.incidents.values()) {
    for (const entry of incident.overrides) if (entry.before === entry.set) voided.add(slotOf(entry));
  }
  for (const overlay of overlays) {
    if (overlay.direction !== 'lower') continue;
    wanting.add(overlay.incidentId);
    const slot = { instance_id: overlay.processor.instanceId, source_id: overlay.sourceId, field: overlay.field };
    const value = currentValue(rules, slot);
    if (typeof value === 'number' && value > Number(overlay.set) && !voided.has(slotOf(slot)))
      unmet.add(overlay.incidentId);
  }
  for (const incident of byAge(draft)) {
    const id = incident.incident_id;
    if (wanting.has(id) && !unmet.has(id)) draft.step(id, 'relief_applied');
    if (incident.state !== 'closing' || incident.steps.relief_applied === undefined) continue;
    const left = incident.overrides.filter((entry) => currentValue(rules, entry) !== 'away');
    if (left.length === 0) draft.step(id, 'relief_lifted');
  }
}
