import { Counter, Gauge, type Registry } from 'prom-client';
import type { TargetState } from './alerts/target-health.ts';

/** What the notifier reports about itself on /metrics. */
export interface NotifierMetrics {
  readonly attempts: Counter<'target' | 'outcome'>;
}

/** @param states called whenever the metrics are read */
export function createNotifierMetrics(
  registry: Registry,
  states: () => Readonly<Record<string, TargetState>>,
): NotifierMetrics {
  const registers = [registry];
  new Gauge({
    name: 'vigilia_alert_target_up',
    help: '1 while the last message to a target got through, or none was sent yet',
    labelNames: ['target'],
    registers,
    collect() {
      for (const [target, { ok }] of Object.entries(states())) {
        this.set({ target }, ok ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'vigilia_alerts_pending',
    help: 'Messages that wait for a target',
    labelNames: ['target'],
    registers,
    collect() {
      for (const [target, { pending }] of Object.entries(states())) {
        this.set({ target }, pending);
      }
    },
  });
  return {
    attempts: new Counter({
      name: 'vigilia_alert_attempts_total',
      help: 'Attempts to send a message',
      labelNames: ['target', 'outcome'],
      registers,
    }),
  };
}
