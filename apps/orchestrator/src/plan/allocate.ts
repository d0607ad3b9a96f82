import type { Incident } from '@vigilia/protocol';
import { byAge, type Dedicated, dedicatedOf, wantsDedicated } from './incident-state.ts';
import { freeStandbys } from './keep-standbys.ts';
import type { Rules } from './rules.ts';

/** Where an incident's dedicated watch comes from. */
export type Allocation =
  | { readonly kind: 'has'; readonly dedicated: Dedicated }
  | { readonly kind: 'spawn' }
  /** A standby, or another incident's, takes the room too. */
  | { readonly kind: 'share'; readonly dedicated: Dedicated }
  | { readonly kind: 'wait'; readonly why: string };

/** Gives out dedicated processors within the policy's limits, in the order in which incidents were opened. */
export function allocate(rules: Rules): Map<string, Allocation> {
  const { draft, dedicated } = rules;
  const allocations = new Map<string, Allocation>();
  const wanting = byAge(draft).filter((incident) => wantsDedicated(draft, incident));
  const rooms = new Map<string, Set<number>>();
  for (const incident of wanting) {
    const has = dedicatedOf(dedicated, incident);
    if (has === undefined) continue;
    allocations.set(incident.incident_id, { kind: 'has', dedicated: has });
    rooms.set(has.instanceId, (rooms.get(has.instanceId) ?? new Set()).add(incident.source_id));
  }
  const warm = freeStandbys(rules);
  // an unused standby takes the place of no other
  let used = dedicated.size - warm.length;
  const ready = warm.filter((one) => rules.watchers.commandable(one.processor));
  for (const incident of wanting) {
    if (allocations.has(incident.incident_id)) continue;
    const limit = overLimit(rules, used);
    if (limit === undefined) {
      const standby = ready.shift();
      allocations.set(
        incident.incident_id,
        standby === undefined ? { kind: 'spawn' } : { kind: 'share', dedicated: standby },
      );
      used += 1;
      continue;
    }
    allocations.set(incident.incident_id, share(rules, incident, rooms) ?? { kind: 'wait', why: limit });
  }
  return allocations;
}

/** Milliseconds one frame of the incident model costs, measured on the dedicated processors there are. */
function measuredMs({ dedicated }: Rules): number | undefined {
  const figures = [...dedicated.values()].flatMap((one) => one.processor?.inferenceMs ?? []);
  return figures.length === 0 ? undefined : Math.max(...figures);
}

/** CPUs one more room at the incident rate is expected to use. */
function cpusPerRoom(rules: Rules): number {
  const { policy } = rules.draft;
  const ms = measuredMs(rules);
  return ms === undefined ? policy.limits.cpus_per_dedicated : (policy.incident.max_fps * ms) / 1000;
}

/** CPUs that the homes use of what the host has, as far as they have measured it. */
function cpusOfHomes({ draft, watchers }: Rules): number {
  let cpus = 0;
  for (const one of draft.view.processors.values()) {
    if (one.role !== 'home' || one.inferenceMs === undefined || !watchers.alive(one)) continue;
    for (const { maxFps } of one.streams.values()) {
      cpus += (maxFps * one.inferenceMs) / 1000;
    }
  }
  return cpus;
}

/** Why no further dedicated processor may be started; undefined when one may. */
function overLimit(rules: Rules, used: number): string | undefined {
  const { limits } = rules.draft.policy;
  const capacity = rules.draft.view.runtime.capacity;
  if (used >= limits.max_dedicated) return `${used} dedicated processors run, and the limit is ${limits.max_dedicated}`;
  // The first one is always tried: a guess about the machine must not keep a fall from being looked at.
  if (used === 0 && limits.cpus === undefined && limits.memory_mb === undefined) return undefined;
  const cpus = limits.cpus ?? (capacity === undefined ? undefined : capacity.cpus - cpusOfHomes(rules));
  const cpusEach = Math.min(limits.cpus_per_dedicated, cpusPerRoom(rules));
  if (cpus !== undefined && (used + 1) * cpusEach > cpus)
    return `${used + 1} dedicated processors need more than ${Math.round(cpus * 10) / 10} CPUs`;
  const memory = limits.memory_mb ?? capacity?.memoryMb;
  if (memory !== undefined && (used + 1) * limits.memory_mb_per_dedicated > memory) {
    return `${used + 1} dedicated processors need more than ${memory} MB of memory`;
  }
  return undefined;
}

/** A running dedicated processor with room for one more; the emptiest first. */
function share(rules: Rules, incident: Incident, rooms: Map<string, Set<number>>): Allocation | undefined {
  const { limits } = rules.draft.policy;
  const perRoom = measuredMs(rules) === undefined ? 0 : cpusPerRoom(rules);
  const host = [...rooms]
    .map(([instanceId, taken]) => ({ one: rules.dedicated.get(instanceId), taken }))
    .filter(({ one, taken }) => {
      const fits =
        taken.size < limits.max_rooms_per_dedicated && (taken.size + 1) * perRoom <= limits.cpus_per_dedicated;
      return fits && rules.watchers.commandable(one?.processor) && (one?.processor?.detections.size ?? 0) > 0;
    })
    .sort((a, b) => a.taken.size - b.taken.size)[0];
  if (host?.one === undefined) return undefined;
  host.taken.add(incident.source_id);
  return { kind: 'share', dedicated: host.one };
}
