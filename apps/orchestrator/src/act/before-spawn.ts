import type { DedicatedSpec } from '../plan/action.ts';
import type { RuntimeView } from '../plan/view.ts';

/**
 * The last check before a dedicated processor is started, on a fresh list: an engine that was unreachable when the plan was
 * made may be running one for this incident.
 */
export function beforeSpawn(runtime: RuntimeView, spec: DedicatedSpec): 'start' | 'exists' | 'unreachable' {
  if (runtime.unreachable === true) return 'unreachable';
  const { incidentId } = spec;
  const running = [...runtime.instances.values()].filter((instance) => instance.state === 'running');
  const exists = incidentId !== undefined && running.some((instance) => instance.incidentId === incidentId);
  return exists ? 'exists' : 'start';
}
