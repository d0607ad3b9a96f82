import { type Incident, withoutUndefined } from '@vigilia/protocol';
import type { DedicatedSpec } from './action.ts';
import type { Allocation } from './allocate.ts';
import type { Draft } from './draft.ts';
import { byAge, isActive } from './incident-state.ts';
import type { Rules } from './rules.ts';
import type { Failure } from './view.ts';

/** Starts, or shares, the dedicated processor of each incident that may have one. */
export function spawnDedicated(rules: Rules, allocations: ReadonlyMap<string, Allocation>): void {
  const { draft } = rules;
  for (const [incidentId, allocation] of allocations) {
    const incident = draft.incident(incidentId);
    if (incident === undefined) continue;
    if (allocation.kind === 'spawn') {
      spawn(rules, incident);
    } else if (allocation.kind === 'share' || allocation.kind === 'has') {
      take(draft, incident, allocation.dedicated.instanceId);
    } else {
      wait(draft, incident, allocation.why);
    }
  }
}

function take(draft: Draft, incident: Incident, instanceId: string): void {
  if (incident.dedicated !== instanceId) {
    draft.edit(incident.incident_id, { dedicated: instanceId });
  }
  draft.step(incident.incident_id, 'dedicated_started');
}

function wait(draft: Draft, incident: Incident, why: string): void {
  if (incident.note !== why) {
    draft.edit(incident.incident_id, { note: why });
  }
}

/**
 * One try. It is counted in the incident before it is made, so a crash in between costs a try and never makes two
 * processors: the next look finds the one by its label, or makes the next try.
 */
function spawn(rules: Rules, incident: Incident): void {
  const { draft } = rules;
  const { incident_id: id, attempts } = incident;
  if (!draft.view.runtime.listed || draft.view.pending.has(`spawn:${id}`) || isBeingCleared(draft, id)) return;
  const failure = draft.view.failures.get(`spawn:${id}`);
  const lastError = failure?.message ?? attempts.last_error;
  const waited = draft.reached(draft.ageMs(incident, attempts.last_at), pauseMs(draft, incident));
  if (attempts.spawn > 0 && !waited && !isEngineBack(draft, failure)) {
    noteFailure(draft, incident, lastError);
    return;
  }
  const instanceId = freeName(draft, incident);
  const edited = draft.edit(id, {
    dedicated: instanceId,
    attempts: withoutUndefined({ spawn: attempts.spawn + 1, last_at: draft.nowIso, last_error: lastError }),
  });
  draft.act({
    kind: 'spawn',
    key: `spawn:${id}`,
    spec: specFor(draft, edited, instanceId),
    why: attempts.spawn === 0 ? 'a fall wants a dedicated watch' : `try ${attempts.spawn + 1}`,
  });
}

/** One of this incident has ended and is being taken away: two acts on one label at once would be in each other's way. */
function isBeingCleared({ view }: Draft, incidentId: string): boolean {
  return [...view.runtime.instances.values()].some(
    (one) => one.incidentId === incidentId && !view.failures.has(`stop:${one.instanceId}`),
  );
}

/** The last attempt failed because the engine was unreachable, and it has answered since: no pause is needed. */
function isEngineBack({ view }: Draft, failure: Failure | undefined): boolean {
  if (failure?.code !== 'unreachable' || view.runtime.unreachable === true) return false;
  return (view.runtime.listedMs ?? 0) > failure.lastMs;
}

/** The pause before the next try: one second doubling, and in degraded mode the policy's `retry_seconds`. */
function pauseMs(draft: Draft, incident: Incident): number {
  const { spawn } = incident.attempts;
  if (spawn >= draft.policy.spawn_attempts) return draft.policy.timings.retry_seconds * 1000;
  return 1000 * 2 ** (spawn - 1);
}

function noteFailure(draft: Draft, incident: Incident, lastError: string | undefined): void {
  const { attempts } = incident;
  const degraded = attempts.spawn >= draft.policy.spawn_attempts;
  const reason = lastError ?? 'it ended before it showed a detection';
  const note = `the dedicated processor could not be started: ${reason}`;
  if (incident.degraded === degraded && incident.note === note) return;
  draft.edit(incident.incident_id, { degraded, note, attempts: { ...attempts, last_error: reason } });
}

function specFor(draft: Draft, incident: Incident, instanceId: string): DedicatedSpec {
  const { policy } = draft;
  const model = policy.incident.model_id ?? draft.desired.get(incident.source_id)?.model_id;
  return {
    instanceId,
    incidentId: incident.incident_id,
    sourceIds: [incident.source_id],
    modelId: model,
    providers: policy.incident.providers,
    maxFps: policy.incident.max_fps,
    traceId: incident.trace_id,
  };
}

/**
 * `{home}_{n}`, smallest free n: no processor, no process or container, no other incident has it. A dedicated one that
 * went offline properly and is listed no more (the site was shut down) has its name no longer.
 */
function freeName(draft: Draft, incident: Incident): string {
  const taken = new Set<string>(draft.view.runtime.instances.keys());
  for (const one of draft.view.processors.values()) {
    if (one.role === 'home' || one.status !== 'offline') {
      taken.add(one.instanceId);
    }
  }
  for (const other of byAge(draft)) {
    if (other.dedicated !== undefined && other.incident_id !== incident.incident_id && isActive(other)) {
      taken.add(other.dedicated);
    }
  }
  // 64 characters are all a name may have, and n must fit
  const home = incident.home.slice(0, 58);
  for (let n = 1; ; n += 1) {
    const name = `${home}_${n}`;
    if (!taken.has(name)) return name;
  }
}
