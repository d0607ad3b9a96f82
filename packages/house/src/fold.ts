import {
  type Ack,
  type DetectionsMessage,
  type MetricsMessage,
  type Status,
  unwatchedAfterMs,
  type VigiliaEvent,
  withoutUndefined,
} from '@vigilia/protocol';
import { foldService } from './fold-service.ts';
import type { CommandFacts, EarlierMetrics, House, HouseMessage, LateResults, RoomFacts } from './house.ts';
import { isUnsteady } from './steady.ts';

const keptCommands = 60;
const keptEvents = 300;
/** Counters are compared over one to two of these. */
const comparedMs = 60_000;
/** Interval that is assumed of a room until its processor's rate is known: the default of 0.1 frames per second. */
const assumedIntervalMs = 10_000;

/**
 * Returns the site after one more message; pure.
 * @param nowMs when the message arrived, epoch ms of a clock that never goes back.
 */
export function fold(house: House, message: HouseMessage, nowMs: number): House {
  switch (message.kind) {
    case 'connected':
      return reconnected(house, nowMs);
    case 'disconnected':
      return disconnected(house, message.sessionEnds === true, nowMs);
    case 'status':
      return foldStatus(house, message.instanceId, message.status, nowMs);
    case 'metrics':
      return foldMetrics(house, message.instanceId, message.metrics, nowMs);
    case 'service':
      return foldService(house, message.report, message.wallMs, nowMs);
    case 'detections':
      return foldDetections(house, message.detections, nowMs);
    case 'room':
      return foldRoom(house, message, nowMs);
    case 'incident':
      return { ...house, incidents: put(house.incidents, message.incidentId, message.incident) };
    case 'alert':
      return { ...house, alerts: put(house.alerts, message.incidentId, message.alert) };
    case 'replay':
      return { ...house, replays: put(house.replays, message.incidentId, message.replay) };
    case 'notifier':
      return foldNotifier(house, message.notifier);
    case 'alarm_figures':
      return { ...house, alarmFigures: message.figures };
    case 'records':
      return { ...house, records: put(house.records, message.instanceId, message.records) };
    case 'desired':
    case 'orchestrator':
      return foldOrchestrator(house, message);
    case 'command':
      return foldCommand(house, message, nowMs);
    case 'ack':
      return foldAck(house, message, nowMs);
    case 'event':
      return foldEvent(house, message.event);
  }
}

function foldMetrics(house: House, instanceId: string, latest: MetricsMessage | undefined, nowMs: number): House {
  const known = house.earlierMetrics.get(instanceId);
  const earlier = latest === undefined ? undefined : earlierMetrics(known, latest, nowMs);
  return {
    ...house,
    metrics: put(house.metrics, instanceId, latest),
    earlierMetrics: put(house.earlierMetrics, instanceId, earlier),
  };
}

function earlierMetrics(known: EarlierMetrics | undefined, latest: MetricsMessage, nowMs: number): EarlierMetrics {
  if (known === undefined || known.from.boot_id !== latest.boot_id) {
    return { from: latest, next: latest, nextAtMs: nowMs };
  }
  if (nowMs - known.nextAtMs < comparedMs) return known;
  return { from: known.next, next: latest, nextAtMs: nowMs };
}

/** What could not be heard is not held against anybody: from now on silence counts again. */
function reconnected(house: House, nowMs: number): House {
  const rooms = new Map(
    [...house.rooms].map(([id, { late: _, ...room }]) => [id, { ...room, listeningSinceMs: nowMs }]),
  );
  return { ...house, connected: true, connectionSinceMs: nowMs, rooms };
}

/** A replay that may have been deleted meanwhile is not shown: those that are still retained are received again. */
function disconnected(house: House, sessionEnds: boolean, nowMs: number): House {
  const replays = sessionEnds ? new Map() : house.replays;
  return house.connected ? { ...house, connected: false, connectionSinceMs: nowMs, replays } : house;
}

function foldStatus(house: House, instanceId: string, status: Status | undefined, nowMs: number): House {
  const processors = put(house.processors, instanceId, status);
  if (status === undefined || status.status === 'offline') return { ...house, processors };
  const rooms = new Map(house.rooms);
  for (const stream of status.streams ?? []) {
    const room = rooms.get(stream.source_id) ?? newRoom(nowMs);
    const intervalMs = 1000 / stream.max_fps;
    rooms.set(stream.source_id, { ...room, slowestIntervalMs: Math.max(room.slowestIntervalMs, intervalMs) });
  }
  return { ...house, processors, rooms };
}

function foldDetections(house: House, detections: DetectionsMessage, nowMs: number): House {
  const id = detections.source_id;
  const known = house.rooms.get(id) ?? newRoom(nowMs);
  const { late: _, ...before } = known;
  const late = lateResults(known, nowMs);
  const intervals = [...house.processors.values()].flatMap((status) => intervalsOf(status, id));
  const room: RoomFacts = withoutUndefined({
    ...before,
    detections,
    seenAtMs: nowMs,
    listeningSinceMs: nowMs,
    slowestIntervalMs: intervals.length > 0 ? Math.max(...intervals) : before.slowestIntervalMs,
    late,
  });
  return { ...house, rooms: put(house.rooms, id, room) };
}

/** What is remembered of late results when one arrives now. The first result of a room is not late: cameras take time to start. */
function lateResults(room: RoomFacts, nowMs: number): LateResults | undefined {
  const { late, seenAtMs, listeningSinceMs } = room;
  const isLate = seenAtMs !== undefined && nowMs - listeningSinceMs > unwatchedAfterMs(room.slowestIntervalMs);
  if (!isLate) return late !== undefined && isUnsteady(room, nowMs) ? late : undefined;
  const sinceMs = late !== undefined && isUnsteady(room, nowMs) ? late.sinceMs : seenAtMs;
  return { sinceMs, lastMs: nowMs };
}

function intervalsOf(status: Status, sourceId: number): number[] {
  if (status.status === 'offline') return [];
  return (status.streams ?? []).filter((one) => one.source_id === sourceId).map((one) => 1000 / one.max_fps);
}

function foldRoom(house: House, message: Extract<HouseMessage, { kind: 'room' }>, nowMs: number): House {
  const { retained: _, ...before } = house.rooms.get(message.sourceId) ?? newRoom(nowMs);
  const room = message.room === undefined ? before : { ...before, retained: message.room };
  return { ...house, rooms: put(house.rooms, message.sourceId, room) };
}

function foldOrchestrator(house: House, message: Extract<HouseMessage, { kind: 'desired' | 'orchestrator' }>): House {
  const { desired, orchestrator, ...rest } = house;
  const next = {
    desired: message.kind === 'desired' ? message.desired : desired,
    orchestrator: message.kind === 'orchestrator' ? message.orchestrator : orchestrator,
  };
  return withoutUndefined({ ...rest, desired: next.desired, orchestrator: next.orchestrator });
}

function foldNotifier({ notifier: _, ...house }: House, notifier: House['notifier'] | undefined): House {
  return notifier === undefined ? house : { ...house, notifier };
}

function foldCommand(house: House, message: Extract<HouseMessage, { kind: 'command' }>, nowMs: number): House {
  const { command, params, command_id, target_instances = ['*'] } = message.command;
  // A command typed by hand has no id; its answers carry one that a processor made and are listed under it.
  if (command_id === undefined) return house;
  const facts: CommandFacts = withoutUndefined({
    id: command_id,
    to: message.to,
    command,
    targets: target_instances,
    atMs: nowMs,
    answers: house.commands.find((one) => one.id === command_id)?.answers ?? [],
    params,
  });
  return { ...house, commands: keepCommand(house.commands, facts) };
}

function foldAck(house: House, { ack, to }: Extract<HouseMessage, { kind: 'ack' }>, nowMs: number): House {
  const before: CommandFacts = house.commands.find((one) => one.id === ack.command_id) ?? {
    id: ack.command_id,
    to,
    command: ack.command,
    targets: [ack.instance_id],
    atMs: nowMs,
    answers: [],
  };
  return { ...house, commands: keepCommand(house.commands, { ...before, answers: putAnswer(before.answers, ack) }) };
}

/** A late or repeated `received` does not overwrite the final answer. */
function putAnswer(answers: readonly Ack[], ack: Ack): readonly Ack[] {
  const known = answers.find((one) => one.instance_id === ack.instance_id);
  if (known !== undefined && known.ack_status !== 'received' && ack.ack_status === 'received') return answers;
  return [...answers.filter((one) => one !== known), ack];
}

function keepCommand(commands: readonly CommandFacts[], facts: CommandFacts): readonly CommandFacts[] {
  const at = commands.findIndex((one) => one.id === facts.id);
  if (at >= 0) return commands.with(at, facts);
  return [...commands, facts].slice(-keptCommands);
}

function foldEvent(house: House, event: VigiliaEvent): House {
  if (house.events.some((one) => one.event_id === event.event_id && one.event === event.event)) return house;
  return { ...house, events: [...house.events, event].slice(-keptEvents) };
}

function newRoom(nowMs: number): RoomFacts {
  return { listeningSinceMs: nowMs, slowestIntervalMs: assumedIntervalMs };
}

function put<K, V>(map: ReadonlyMap<K, V>, key: K, value: V | undefined): ReadonlyMap<K, V> {
  const next = new Map(map);
  if (value === undefined) {
    next.delete(key);
  } else {
    next.set(key, value);
  }
  return next;
}
