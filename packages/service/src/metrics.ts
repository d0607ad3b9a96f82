import { Counter, collectDefaultMetrics, Registry } from 'prom-client';
import type { ChannelBus } from './channel-bus.ts';
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

/**
 * Registers `vigilia_messages_rejected_total`: messages that a service rejected since its start.
 * @param buses all its connections; those that are added later count as well
 */
export function registerRejections(registry: Registry, buses: readonly Pick<ChannelBus, 'rejections'>[]): void {
  new Counter({
    name: 'vigilia_messages_rejected_total',
    help: 'MQTT messages that were rejected; the reason "outgoing" counts messages of this service itself',
    labelNames: ['channel', 'reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const bus of buses) {
        for (const { channel, reason, count } of bus.rejections.counts()) {
          this.inc({ channel, reason }, count);
        }
      }
    },
  });
}
