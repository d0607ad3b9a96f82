import type { EventType, Incident, RoomFall, VigiliaEvent } from '@vigilia/protocol';
import { makeAck, makeEvent, makeIncident, makeRoomState } from '../messages.ts';
import {
  FPS,
  type Happening,
  INTERVAL_MS,
  iso,
  message,
  neighboursOf,
  simulatedRoomName,
  statusMessage,
  topics,
} from './happening.ts';
import { REMINDER_MS } from './plan-fall.ts';
import type { FallTruth } from './truth.ts';

const SECOND = 1000;

/** All messages of the services about one fall, from the suspicion to the closed incident. */
export function tellFall(fall: FallTruth): Happening[] {
  return [...tellAlarm(fall), ...tellRelief(fall), ...tellDedicated(fall), ...tellIncident(fall)];
}

/** The dedicated processor's frames: one per second while it monitors the room. */
export function dedicatedFrames(fall: FallTruth): { readonly atMs: number; readonly instanceId: string }[] {
  const { dedicated_watching: from = 0, room_returned: to = 0 } = fall.steps;
  const count = Math.max(0, Math.floor((to - from) / SECOND));
  return Array.from({ length: count }, (_, n) => ({ atMs: from + n * SECOND, instanceId: dedicatedOf(fall) }));
}

const dedicatedOf = ({ home }: FallTruth): string => `${home}_1`;

function event(fall: FallTruth, type: EventType, atMs: number, change: Partial<VigiliaEvent> = {}): Happening {
  const own = makeEvent({ instanceId: fall.home, at: iso(atMs) }, type, fall.room, {
    event_id: `${type}-${fall.incidentId}-${atMs}`,
    room_name: simulatedRoomName(fall.room),
    severity: 'info',
    trace_id: fall.traceId,
  });
  return message(atMs, topics.event(type), { ...own, ...change });
}

function tellAlarm(fall: FallTruth): Happening[] {
  const details = {
    event_id: fall.eventId,
    severity: 'critical' as const,
    detected_at: iso(fall.fellMs),
    alarm_at: iso(fall.alarmMs),
    model_id: 'movenet',
  };
  const reminders = Array.from({ length: fall.reminders }, (_, n) =>
    event(fall, 'fall_reminder', fall.alarmMs + (n + 1) * REMINDER_MS, { severity: 'critical' }),
  );
  const room = (atMs: number, state: RoomFall['state']) => {
    const change = { fall: { state, trace_id: fall.traceId } };
    return message(
      atMs,
      topics.room(fall.room),
      makeRoomState({ instanceId: fall.home, at: iso(atMs) }, fall.room, change),
    );
  };
  return [
    room(fall.fellMs, 'candidate'),
    room(fall.alarmMs, 'alarm'),
    room(fall.resolvedMs - 5 * SECOND, 'recovered'),
    event(fall, 'fall_suspected', fall.fellMs + 10 * SECOND, { severity: 'warning' }),
    event(fall, 'fall_detected', fall.alarmMs, details),
    ...reminders,
    event(fall, 'fall_recovered', fall.resolvedMs - 5 * SECOND),
  ];
}

/** The home's other rooms get half the rate, and their rate back at the end. */
function tellRelief(fall: FallTruth): Happening[] {
  return neighboursOf(fall.room).flatMap((source_id) => [
    ...command(fall, fall.steps.relief_applied ?? 0, 'set_fps', { source_id, max_fps: FPS / 2 }, {}),
    ...command(fall, fall.steps.relief_lifted ?? 0, 'set_fps', { source_id, max_fps: FPS }, {}),
  ]);
}

function tellDedicated(fall: FallTruth): Happening[] {
  if (fall.degraded) return [];
  const { steps, room, incidentId } = fall;
  const id = dedicatedOf(fall);
  const status = (atMs: number, word: 'starting' | 'running' | 'offline', rooms: readonly number[]) =>
    statusMessage(
      atMs,
      { instanceId: id, bootId: `boot-${incidentId}` },
      { rooms, maxFps: 1 },
      { role: 'dedicated', incident_id: incidentId, status: word },
    );
  const move = { incident_id: incidentId, from: fall.home, to: id };
  return [
    status(steps.dedicated_started ?? 0, 'starting', []),
    status((steps.dedicated_watching ?? 0) - 100, 'running', [room]),
    ...command(fall, (steps.room_released ?? 0) - 50, 'remove_stream', { source_id: room }, { [room]: fall.gapMs }),
    event(fall, 'room_released', steps.room_released ?? 0, { ...move, event_id: `released-${incidentId}` }),
    event(fall, 'room_taken', steps.room_released ?? 0, { ...move, event_id: `taken-${incidentId}`, instance_id: id }),
    ...command(
      fall,
      (steps.room_returned ?? 0) - INTERVAL_MS / 20,
      'add_stream',
      { source_id: room },
      { [room]: fall.gapMs },
    ),
    event(fall, 'room_returned', steps.room_returned ?? 0, { ...move, event_id: `returned-${incidentId}` }),
    status(steps.dedicated_stopped ?? 0, 'offline', []),
  ];
}

function command(
  fall: FallTruth,
  atMs: number,
  name: string,
  params: Readonly<Record<string, unknown>>,
  gap_ms: Readonly<Record<string, number>>,
): Happening[] {
  const command_id = `${name}-${fall.incidentId}-${String(params.source_id)}-${atMs}`;
  const trace_id = fall.traceId;
  const ack = (afterMs: number, change: Parameters<typeof makeAck>[2]) => {
    const sender = { instanceId: fall.home, at: iso(atMs + afterMs) };
    const answer = makeAck(sender, { command: name, command_id }, { trace_id, ...change });
    return message(atMs + afterMs, topics.ack(fall.home), answer);
  };
  return [
    message(atMs, topics.commands, { command: name, params, target_instances: [fall.home], command_id, trace_id }),
    ack(5, { ack_status: 'received' }),
    ack(25, { result: { changed: true, duration_ms: 20, gap_ms } }),
  ];
}

function tellIncident(fall: FallTruth): Happening[] {
  const { steps, incidentId } = fall;
  const state = (name: Incident['state'], atMs: number) =>
    message(atMs, topics.incident(incidentId), incidentAt(fall, name, atMs));
  return [
    event(fall, 'incident_opened', fall.openedMs, {
      event_id: `opened-${incidentId}`,
      incident_id: incidentId,
      severity: 'critical',
    }),
    state('open', fall.openedMs),
    state('open', steps.room_released ?? fall.openedMs + 9 * SECOND),
    request(fall, fall.acknowledgedMs - 50, 'acknowledge', { source_id: fall.room, by: fall.nurse }),
    event(fall, 'incident_acknowledged', fall.acknowledgedMs, {
      event_id: `acknowledged-${incidentId}`,
      incident_id: incidentId,
      by: fall.nurse,
    }),
    state('acknowledged', fall.acknowledgedMs),
    request(fall, fall.resolvedMs - 50, 'resolve', { incident_id: incidentId, by: fall.resolver }),
    state('closing', fall.resolvedMs),
    state('closed', fall.closedMs),
    event(fall, 'incident_closed', fall.closedMs, { event_id: `closed-${incidentId}`, incident_id: incidentId }),
  ];
}

/** What a nurse presses: without a trace, as the console and `vigilia send` do it. */
function request(fall: FallTruth, atMs: number, name: string, params: Readonly<Record<string, unknown>>): Happening {
  return message(atMs, topics.orchestratorCommands, {
    command: name,
    params,
    command_id: `${name}-${fall.incidentId}`,
  });
}

/** Who did what so far; a drill keeps the one who began it. */
function peopleOf(fall: FallTruth, atMs: number): { who: string; what: string; at: string }[] {
  const all = [
    ...(fall.outcome === 'drill' ? [{ who: 'technician', what: 'drill', atMs: fall.openedMs }] : []),
    { who: fall.nurse, what: 'acknowledge', atMs: fall.acknowledgedMs },
    { who: fall.resolver, what: 'resolve', atMs: fall.resolvedMs },
  ];
  return all.filter((one) => one.atMs <= atMs).map((one) => ({ who: one.who, what: one.what, at: iso(one.atMs) }));
}

function incidentAt(fall: FallTruth, state: Incident['state'], atMs: number): Incident {
  const until = (time: number) => time <= atMs;
  const steps = Object.entries(fall.steps).filter(([, time]) => until(time));
  const incident = makeIncident(
    { home: fall.home, sourceId: fall.room, at: iso(fall.openedMs) },
    {
      incident_id: fall.incidentId,
      room_name: simulatedRoomName(fall.room),
      state,
      drill: fall.outcome === 'drill',
      degraded: fall.degraded,
      by: peopleOf(fall, atMs),
      steps: Object.fromEntries(steps.map(([name, time]) => [name, iso(time)])),
      overrides: neighboursOf(fall.room).map((source_id) => ({
        instance_id: fall.home,
        source_id,
        field: 'max_fps' as const,
        before: FPS,
        set: FPS / 2,
      })),
      attempts: { spawn: fall.degraded ? 3 : 1 },
      event_ids: [fall.eventId],
      falls: [
        {
          event_id: fall.eventId,
          alarm_at: iso(fall.alarmMs),
          reported_at: iso(fall.openedMs),
          model_id: 'movenet',
          rule: 'seen_fall',
        },
      ],
      detected_at: iso(fall.fellMs),
      updated_at: iso(atMs),
      trace_id: fall.traceId,
    },
  );
  if (!fall.degraded) {
    incident.dedicated = dedicatedOf(fall);
  }
  if (until(fall.acknowledgedMs)) {
    incident.acknowledged_at = iso(fall.acknowledgedMs);
  }
  if (state === 'closed') {
    incident.outcome = fall.outcome;
    incident.verdict = { outcome: fall.outcome, by: fall.resolver, at: iso(fall.resolvedMs), before: 'acknowledged' };
    incident.closed_at = iso(fall.closedMs);
  }
  return incident;
}
