import { Counter, collectDefaultMetrics, Registry } from 'prom-client';
import { droppedLogLines } from './standard-output.ts';

/**
 * A prom-client registry with the process's own metrics as `vigilia_*` (CPU, memory, event loop lag …) and the
 * log lines that it dropped, each labelled with the service and the instance.
 */
export function createRegistry(service: string, instanceId: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service, instance_id: instanceId });
  collectDefaultMetrics({ register: registry, prefix: 'vigilia_' });
  new Counter({
    name: 'vigilia_log_lines_dropped_total',
    help: 'Log lines that were dropped because their reader did not take them',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(droppedLogLines());
    },
  });
  return registry;
}
