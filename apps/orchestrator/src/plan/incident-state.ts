import type { Incident } from '@vigilia/protocol';
import type { Draft } from './draft.ts';
import type { ObservedProcessor, RuntimeInstance } from './view.ts';
import type { Watchers } from './watchers.ts';

/** Not yet closing: relief and dedicated watch are wanted as far as the policy allows. */
export function isActive(incident: Incident): boolean {
  return incident.state !== 'closing' && incident.state !== 'closed';
}

/** The room is to be watched by a dedicated processor. */
export function wantsDedicated(draft: Draft, incident: Incident): boolean {
  return isActive(incident) && incident.released !== true && draft.desired.has(incident.source_id);
}

/** Incidents in the order in which they were opened, which is not that of their wall-clock times when the clock jumped. */
export function byAge(draft: Draft): readonly Incident[] {
  return draft.incidentsByAge();
}

/** The active incident of a room, if any (the oldest). */
export function activeIncidentOf(draft: Draft, sourceId: number): Incident | undefined {
  return byAge(draft).find((incident) => incident.source_id === sourceId && isActive(incident));
}

/** The fields of an act that belongs to an incident. */
export function partOf(incident: Incident | undefined): { incidentId?: string; traceId?: string } {
  return incident === undefined ? {} : { incidentId: incident.incident_id, traceId: incident.trace_id };
}

/** A dedicated processor, as far as runtime and MQTT know it. */
export interface Dedicated {
  readonly instanceId: string;
  readonly runtime: RuntimeInstance | undefined;
  /** Alive. */
  readonly processor: ObservedProcessor | undefined;
}

/** Every dedicated processor that exists: running by the runtime's list, or alive on MQTT. In order of name. */
export function allDedicated(draft: Draft, watchers: Watchers): Map<string, Dedicated> {
  const names = new Set<string>();
  for (const instance of draft.view.runtime.instances.values()) {
    if (instance.state === 'running') {
      names.add(instance.instanceId);
    }
  }
  for (const processor of draft.view.processors.values()) {
    if (processor.role === 'dedicated' && watchers.alive(processor)) {
      names.add(processor.instanceId);
    }
  }
  const found = new Map<string, Dedicated>();
  for (const instanceId of [...names].sort()) {
    const processor = watchers.processor(instanceId);
    const runtime = draft.view.runtime.instances.get(instanceId);
    found.set(instanceId, {
      instanceId,
      runtime: runtime?.state === 'running' ? runtime : undefined,
      processor: watchers.alive(processor) ? processor : undefined,
    });
  }
  return found;
}

/** The incident a dedicated processor was started for, by label or status. */
export function labelOf(dedicated: Dedicated): string | undefined {
  return dedicated.runtime?.incidentId || dedicated.processor?.incidentId || undefined;
}

/** Started warm, for no incident. */
export function isStandby(dedicated: Dedicated): boolean {
  return labelOf(dedicated) === undefined;
}

/** Rooms it was started with or watches now. */
export function roomsOf(dedicated: Dedicated): number[] {
  return [...new Set([...(dedicated.processor?.streams.keys() ?? []), ...(dedicated.runtime?.sourceIds ?? [])])];
}

/** The dedicated processor that an incident has now: the one it names, else one that carries its label. */
export function dedicatedOf(all: ReadonlyMap<string, Dedicated>, incident: Incident): Dedicated | undefined {
  const named = incident.dedicated === undefined ? undefined : all.get(incident.dedicated);
  if (named !== undefined) return named;
  return [...all.values()].find((one) => labelOf(one) === incident.incident_id);
}
