import { type House, judgeSite, processorLoad } from '@vigilia/house';
import { type MetricsMessage, type Status, withoutUndefined } from '@vigilia/protocol';
import type { ServiceView, SystemView } from '../shared/system-view.ts';

/** Returns what the broker is known by and what was heard of the services, judged as `vigilia status --check` does; pure. */
export function systemView(house: House, nowMs: number): Pick<SystemView, 'broker' | 'services' | 'findings'> {
  const { connected, connectionSinceMs } = house;
  // without the broker nothing is known of the present
  const findings = connected ? judgeSite(house, nowMs).findings.filter(({ result }) => result !== 'ok') : [];
  return {
    broker: { connected, since: new Date(connectionSinceMs).toISOString() },
    services: [...orchestratorOf(house), ...notifierOf(house), ...processorsOf(house)],
    findings,
  };
}

function orchestratorOf({ orchestrator }: House): ServiceView[] {
  if (orchestrator === undefined) return [];
  const { instance_id: id, status, version, timestamp } = orchestrator;
  return [withoutUndefined({ kind: 'orchestrator' as const, id, status, version, heardAt: timestamp })];
}

function notifierOf({ notifier }: House): ServiceView[] {
  return notifier === undefined ? [] : [{ kind: 'notifier', id: 'notifier', status: notifier }];
}

function processorsOf(house: House): ServiceView[] {
  return [...house.processors.values()]
    .sort((a, b) => b.role.localeCompare(a.role) || a.instance_id.localeCompare(b.instance_id))
    .map((status) => processorOf(house, status));
}

function processorOf(house: House, status: Status): ServiceView {
  const { instance_id: id, role: kind, version, streams = [], health } = status;
  const offline = status.status === 'offline';
  const metrics = house.metrics.get(id);
  const current = metrics?.boot_id === status.boot_id && !offline ? metrics : undefined;
  const load = offline ? undefined : processorLoad(house, status);
  return withoutUndefined({
    kind,
    id,
    status: status.status,
    version,
    health: offline ? undefined : health,
    startedAt: startOf(current),
    heardAt: current === undefined || current.timestamp < status.timestamp ? status.timestamp : current.timestamp,
    rooms: offline ? undefined : streams.length,
    skippedPercent: load === undefined ? undefined : Math.round(load.skippedShare * 100),
  });
}

function startOf(metrics: MetricsMessage | undefined): string | undefined {
  if (metrics === undefined) return undefined;
  const startMs = Date.parse(metrics.timestamp) - metrics.uptime_seconds * 1000;
  return Number.isFinite(new Date(startMs).getTime()) ? new Date(startMs).toISOString() : undefined;
}
