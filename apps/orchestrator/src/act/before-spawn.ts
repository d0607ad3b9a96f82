import type { DedicatedSpec } from '../plan/action.ts';
import type { RuntimeView } from '../plan/view.ts';

/**
 * The last look before a dedicated processor is started, on a list that is fresh: an engine that was away when the plan was
 * made may be running one for this incident.
 */
export function beforeSpawn(runtime: RuntimeView, spec: DedicatedSpec): 'start' | 'exists' | 'unreachable' {
  if (runtime.unreachable === true) return 'unreachable';
  const { incidentId } = spec;
  const running = [...runtime.instances.values()].filter((instance) => instance.state === 'running');
  const exists = incidentId !== undefined && running.some((instance) => instance.incidentId === incidentId);
  return exists ? 'exists' : 'start';
}
