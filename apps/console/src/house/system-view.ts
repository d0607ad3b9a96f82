import { clockAheadMs, type House, isReporting, judgeSite, processorLoad, type ServiceFacts } from '@vigilia/house';
import { type MetricsMessage, type Status, withoutUndefined } from '@vigilia/protocol';
import type { RecordsView, ServiceView, SystemView } from '../shared/system-view.ts';

/** The console that answers. */
export interface OwnService {
  readonly instanceId: string;
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

type Described = Pick<SystemView, 'broker' | 'services' | 'alertTargets' | 'records' | 'findings'>;

/** Returns what the broker is known by and what was heard of the services, judged as `vigilia status --check` does; pure. */
export function systemView(house: House, nowMs: number, own: OwnService): Described {
  const { connected, connectionSinceMs } = house;
  // without the broker nothing is known of the present
  const findings = connected ? judgeSite(house, nowMs).findings.filter(({ result }) => result !== 'ok') : [];
  const reports = new Reports(house, nowMs);
  const [notifier] = reports.of('notifier');
  return withoutUndefined({
    broker: { connected, since: new Date(connectionSinceMs).toISOString() },
    services: [
      ownService(own, reports),
      ...orchestratorOf(house, reports),
      ...notifierOf(house, reports),
      ...sinksOf(house, reports),
      ...processorsOf(house, reports),
      ...otherConsoles(own, reports),
    ],
    alertTargets: notifier?.report.alert_targets,
    records: recordsOf(house),
    findings,
  });
}

function recordsOf({ records }: House): RecordsView[] {
  return [...records.values()].map(({ instance_id: id, outputs, kept_days: keptDays }) => ({ id, outputs, keptDays }));
}

/** What services report of themselves now. */
class Reports {
  readonly #current: ReadonlyMap<string, ServiceFacts>;

  constructor({ services }: House, nowMs: number) {
    this.#current = new Map([...services].filter(([, facts]) => isReporting(facts, nowMs)));
  }

  of(service: string): ServiceFacts[] {
    return [...this.#current.values()].filter(({ report }) => report.service === service);
  }

  has(id: string): boolean {
    return this.#current.has(id);
  }

  /** Returns what only its report shows of a service; nothing of one that does not report. */
  shown(id: string): Pick<ServiceView, 'version' | 'startedAt' | 'folders' | 'clockAheadSeconds' | 'troubles'> {
    const facts = this.#current.get(id);
    if (facts === undefined) return {};
    const { version, started_at: startedAt, folders, troubles } = facts.report;
    const clockAheadSeconds = Math.round(clockAheadMs(facts) / 100) / 10;
    return { version, startedAt, folders, clockAheadSeconds, troubles };
  }
}

function ownService({ instanceId, version, startedAt }: OwnService, reports: Reports): ServiceView {
  const { folders, troubles } = reports.shown(instanceId);
  return withoutUndefined({ kind: 'console', id: 'console', status: 'online', version, startedAt, folders, troubles });
}

function otherConsoles({ instanceId }: OwnService, reports: Reports): ServiceView[] {
  return reports
    .of('console')
    .map(({ report }) => report.instance_id)
    .filter((id) => id !== instanceId)
    .map((id) => ({ kind: 'console', id, status: 'online', ...reports.shown(id) }));
}

function orchestratorOf({ orchestrator }: House, reports: Reports): ServiceView[] {
  if (orchestrator === undefined) return [];
  const { instance_id: id, status, version, timestamp } = orchestrator;
  const kind = 'orchestrator' as const;
  return [withoutUndefined({ kind, id, status, version, heardAt: timestamp, ...reports.shown(id) })];
}

function notifierOf({ notifier }: House, reports: Reports): ServiceView[] {
  const [facts] = reports.of('notifier');
  if (notifier === undefined) return [];
  const shown = facts === undefined ? {} : reports.shown(facts.report.instance_id);
  return [{ kind: 'notifier', id: 'notifier', status: notifier, ...shown }];
}

/** An event sink that does not report any more stays, because nothing else shows that it is missing. */
function sinksOf({ services }: House, reports: Reports): ServiceView[] {
  return [...services.values()]
    .filter(({ report }) => report.service === 'event-sink')
    .map(({ report: { instance_id: id, timestamp: heardAt } }) => {
      const status = reports.has(id) ? 'online' : 'offline';
      return { kind: 'event-sink', id, status, heardAt, ...reports.shown(id) };
    });
}

function processorsOf(house: House, reports: Reports): ServiceView[] {
  return [...house.processors.values()]
    .sort((a, b) => b.role.localeCompare(a.role) || a.instance_id.localeCompare(b.instance_id))
    .map((status) => processorOf(house, status, reports));
}

function processorOf(house: House, status: Status, reports: Reports): ServiceView {
  const { instance_id: id, role: kind, version, streams = [], health } = status;
  const offline = status.status === 'offline';
  const metrics = house.metrics.get(id);
  const current = metrics?.boot_id === status.boot_id && !offline ? metrics : undefined;
  const load = offline ? undefined : processorLoad(house, status);
  const shown = offline ? {} : reports.shown(id);
  return withoutUndefined({
    kind,
    id,
    status: status.status,
    version,
    health: offline ? undefined : health,
    heardAt: current === undefined || current.timestamp < status.timestamp ? status.timestamp : current.timestamp,
    rooms: offline ? undefined : streams.length,
    models: offline ? undefined : [...new Set(streams.map(({ model_id }) => model_id))].sort(),
    skippedPercent: load === undefined ? undefined : Math.round(load.skippedShare * 100),
    startedAt: startOf(current),
    ...shown,
  });
}

function startOf(metrics: MetricsMessage | undefined): string | undefined {
  if (metrics === undefined) return undefined;
  const startMs = Date.parse(metrics.timestamp) - metrics.uptime_seconds * 1000;
  return Number.isFinite(new Date(startMs).getTime()) ? new Date(startMs).toISOString() : undefined;
}
