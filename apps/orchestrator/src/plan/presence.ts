import { byAge } from './incident-state.ts';
import type { Rules } from './rules.ts';
import type { ObservedProcessor } from './view.ts';
import { askAfterSilenceMs } from './watchers.ts';

/** Publishes that a processor went or came, and asks the silent and the doubtful ones for a sign of life. */
export function notePresence(rules: Rules): void {
  const { draft } = rules;
  for (const processor of draft.view.processors.values()) {
    const alive = rules.watchers.alive(processor);
    if (alive || processor.doubted === true) {
      ask(rules, processor);
    }
    const as = alive ? 'online' : 'offline';
    if (processor.announced === as) continue;
    // a retained status alone shows neither
    if (alive ? !processor.confirmed : processor.announced === undefined) continue;
    const expected = processor.role === 'dedicated' && !inUse(rules, processor);
    const event = draft.event(`processor_${as}`, `${processor.instanceId} ${processor.bootId} ${draft.nowIso}`, {
      instance_id: processor.instanceId,
      severity: as === 'offline' && !expected ? 'warning' : 'info',
      role: processor.role,
      boot_id: processor.bootId,
      incident_id: processor.incidentId,
    });
    draft.record({ kind: 'publish_event', event, announces: { instanceId: processor.instanceId, as } });
  }
}

function inUse({ draft }: Rules, processor: ObservedProcessor): boolean {
  const incident = processor.incidentId === undefined ? undefined : draft.incident(processor.incidentId);
  return incident !== undefined && incident.state !== 'closing' && incident.state !== 'closed' && !incident.released;
}

/** One that is starting does not listen to commands yet. */
function ask({ draft }: Rules, processor: ObservedProcessor): void {
  if (!processor.control || processor.status === 'starting') return;
  const silentMs = draft.now.monoMs - processor.lastSignMs;
  // what is only retained is asked at once: it can receive no command before it was heard
  const known = processor.confirmed && processor.doubted !== true;
  if (known && !draft.reached(silentMs, askAfterSilenceMs)) return;
  draft.act({
    kind: 'command',
    key: `ping:${processor.instanceId}`,
    instanceId: processor.instanceId,
    command: { command: 'ping', params: {} },
    why: 'nothing was heard of it',
  });
}

/** Clears the retained status and metrics of a dedicated processor that has ended: no other service does. */
export function clearGone({ draft, watchers, dedicated }: Rules): void {
  if (!draft.view.runtime.listed || draft.view.runtime.unreachable) return;
  const coming = new Set<string | undefined>();
  for (const one of byAge(draft)) {
    if (draft.view.pending.has(`spawn:${one.incident_id}`)) {
      coming.add(one.dedicated);
    }
  }
  for (const processor of draft.view.processors.values()) {
    if (processor.role !== 'dedicated' || watchers.alive(processor) || coming.has(processor.instanceId)) continue;
    if (dedicated.has(processor.instanceId) || draft.view.runtime.instances.has(processor.instanceId)) continue;
    if (draft.view.pending.has(`stop:${processor.instanceId}`)) continue;
    const sinceMs = processor.offlineSinceMs ?? processor.lastSignMs;
    // its last will may still be on its way
    if (draft.reached(draft.now.monoMs - sinceMs, 1000)) {
      draft.record({ kind: 'clear_processor', instanceId: processor.instanceId });
    }
  }
}
