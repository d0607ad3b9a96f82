import { type CommandFacts, type House, roomIds } from '@vigilia/house';
import {
  type AlarmSummary,
  type AlertStage,
  type Incident,
  type MetricsMessage,
  type OrchestratorStatus,
  onFloorSince,
  type Replay,
  type Status,
  summariseAlarms,
  withoutUndefined,
} from '@vigilia/protocol';
import { redactDeep, redactUrl } from '@vigilia/service';
import type {
  AlarmsView,
  CommandView,
  HouseHead,
  HouseView,
  IncidentView,
  ProcessorView,
  ReplayView,
} from '../shared/view.ts';
import { roomView } from './room-view.ts';

export interface ViewOptions {
  readonly nowMs: number;
  /** Who sent a command with this console, by its id. */
  readonly senderOf: (commandId: string) => string | undefined;
}

const orchestratorHeardWithinMs = 15_000;

/** The site as pages show it at one moment; pure. */
export function houseView(house: House, { nowMs, senderOf }: ViewOptions): HouseView {
  const { orchestrator } = house;
  return {
    head: withoutUndefined({
      connected: house.connected,
      since: new Date(house.connectionSinceMs).toISOString(),
      faults: faultsOf(house, nowMs),
      alarms: alarmsView(house),
      snapshots: orchestrator?.status === 'acting' && orchestrator.snapshots === true,
      orchestrator: orchestrator === undefined ? undefined : orchestratorHead(orchestrator),
    }),
    rooms: keyed(roomIds(house), (id) => [String(id), roomView(house, id, nowMs)]),
    incidents: keyed(house.incidents.values(), (one) => [
      one.incident_id,
      incidentView(one, house.alerts.get(one.incident_id)?.stage),
    ]),
    replays: keyed(house.replays.values(), (one) => [one.incident_id, replayView(one)]),
    processors: keyed(house.processors.values(), (one) => [
      one.instance_id,
      processorView(one, house.metrics.get(one.instance_id), clockAheadOf(one, orchestrator)),
    ]),
    commands: keyed(house.commands, (one) => [one.id, commandView(one, senderOf(one.id))]),
  };
}

/** Returns undefined before the first figures. */
function alarmsView({ alarmFigures }: House): AlarmsView | undefined {
  if (alarmFigures === undefined) return undefined;
  const { since, rooms, models } = summariseAlarms(alarmFigures);
  if (since === undefined) return undefined;
  const hasAlarms = (one: AlarmSummary['rooms'][number]): boolean => one.true + one.false + one.unknown > 0;
  const watchedWeeks = rooms.reduce((sum, room) => sum + room.watchedWeeks, 0);
  return { since, watchedWeeks, rooms: rooms.filter(hasAlarms), models };
}

/** Returns what is known not to run. A site without a notifier has no fault for that. */
function faultsOf(house: House, nowMs: number): HouseHead['faults'] {
  if (!house.connected) return [];
  return [
    ...(orchestratorFails(house, nowMs) ? (['orchestrator'] as const) : []),
    ...(house.notifier === 'offline' ? (['notifier'] as const) : []),
  ];
}

/** An orchestrator that is offline, or that a broker knows nothing of some time after we connected: it retains its status. */
function orchestratorFails({ connectionSinceMs, orchestrator }: House, nowMs: number): boolean {
  if (orchestrator === undefined) return nowMs - connectionSinceMs > orchestratorHeardWithinMs;
  return orchestrator.status === 'offline';
}

function orchestratorHead(orchestrator: OrchestratorStatus): NonNullable<HouseHead['orchestrator']> {
  const { status, note, policy_revision: policyRevision } = orchestrator;
  return withoutUndefined({ status, note: note === undefined ? undefined : redactUrl(note), policyRevision });
}

function incidentView(incident: Incident, stage: AlertStage | undefined): IncidentView {
  const {
    overrides: _o,
    attempts: _a,
    event_ids: _e,
    durations_ms: _d,
    updated_at: _u,
    trace_id: _t,
    person,
    ...shown
  } = incident;
  const view = redactDeep(shown) as Omit<IncidentView, 'on_floor_since' | 'person_down'>;
  const down = person === undefined || person === 'unknown' ? incident.recovered_at === undefined : person === 'down';
  return withoutUndefined({
    ...view,
    on_floor_since: onFloorSince(incident),
    person_down: down && !incident.drill,
    alert_stage: stage,
  });
}

/** Undefined also while one of the two is offline: its last report is not about the clock as it is now. */
function clockAheadOf(status: Status, orchestrator: OrchestratorStatus | undefined): number | undefined {
  if (orchestrator === undefined || orchestrator.status === 'offline' || status.status === 'offline') return undefined;
  const seconds = orchestrator.clock_skew_seconds ?? {};
  return Object.hasOwn(seconds, status.instance_id) ? seconds[status.instance_id] : undefined;
}

function replayView({ incident_id, source_id, fall_at, moments, complete }: Replay): ReplayView {
  return { id: incident_id, room: source_id, fallAt: fall_at, moments: moments.length, complete };
}

function processorView(
  status: Status,
  metrics: MetricsMessage | undefined,
  clockAheadSeconds: number | undefined,
): ProcessorView {
  const { config, last_error } = status;
  const current = metrics?.boot_id === status.boot_id ? metrics : undefined;
  return withoutUndefined({
    id: status.instance_id,
    role: status.role,
    status: status.status,
    at: status.timestamp,
    control: config?.control ?? false,
    rooms: (status.streams ?? []).map((one) => ({
      id: one.source_id,
      modelId: one.model_id,
      maxFps: one.max_fps,
      state: one.state,
    })),
    health: status.health,
    incidentId: status.incident_id,
    modelId: config?.model_id,
    cpuPercent: current?.cpu_percent === undefined ? undefined : Math.round(current.cpu_percent),
    memoryMb: current?.memory_mb === undefined ? undefined : Math.round(current.memory_mb),
    inferenceMs: current?.inference_time_ms === undefined ? undefined : Math.round(current.inference_time_ms),
    clockAheadSeconds,
    lastError:
      last_error === undefined ? undefined : { command: last_error.command, code: last_error.code, at: last_error.at },
  });
}

function commandView(facts: CommandFacts, sender: string | undefined): CommandView {
  const by = facts.id.startsWith('orchestrator-') ? 'orchestrator' : sender;
  return withoutUndefined({
    id: facts.id,
    to: facts.to,
    command: facts.command,
    params: shownParams(facts),
    targets: facts.targets,
    at: new Date(facts.atMs).toISOString(),
    by,
    answers: facts.answers.map(({ instance_id, ack_status, timestamp, error, message }) =>
      withoutUndefined({
        from: instance_id,
        status: ack_status,
        at: timestamp,
        code: error?.code,
        message: message === undefined ? undefined : redactUrl(message),
      }),
    ),
  });
}

/** A policy and its changes are shown in its history: here they would travel to every page. */
function shownParams({ to, params }: CommandFacts): string {
  if (params === undefined) return '';
  const { policy: _policy, changes: _changes, ...others } = params;
  return JSON.stringify(redactDeep(to === 'orchestrator' ? others : params));
}

function keyed<T, V>(items: Iterable<T>, entry: (item: T) => readonly [string, V]): Record<string, V> {
  return Object.fromEntries([...items].map(entry));
}
