import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * A prom-client registry with the process's own metrics as `vigilia_*` (CPU, memory, event loop lag …), each labelled with
 * the service and the instance.
 */
export function createRegistry(service: string, instanceId: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service, instance_id: instanceId });
  collectDefaultMetrics({ register: registry, prefix: 'vigilia_' });
  return registry;
}
