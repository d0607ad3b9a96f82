import { judgeRoom, judgeWatch, type RoomCondition, type RoomEvidence } from '@vigilia/house';
import { acknowledgmentOf, type Incident, onFloorSince } from '@vigilia/protocol';
import type { Language } from '../config/alerts-schema.ts';
import { onOff, type ShowOptions, sensor, shared } from './discovery.ts';
import { labels } from './labels.ts';
import { roomEventTypes } from './room-events.ts';

/** Verdicts that have a button each. */
const buttonOutcomes = ['helped', 'false_alarm', 'no_help_needed'] as const;

/** Returns the state of a room's entities. What no camera shows is unknown, and not well. */
export function roomState(room: RoomEvidence, { language }: ShowOptions): Record<string, string> {
  const { condition } = judgeRoom(room);
  const unseen = judgeWatch(room);
  const heard = room.facts.seenAtMs !== undefined && unseen === undefined && condition !== 'waiting';
  const people = room.facts.detections?.detections.some(({ class_name }) => class_name === 'person') === true;
  const { incident } = room;
  // A fall stays on until its incident is closed: also while help is on the way, and while no processor analyses the room.
  const fall = condition === 'fall' || (incident !== undefined && !incident.drill);
  return {
    fall: fall ? 'ON' : heard ? 'OFF' : 'None',
    occupancy: heard ? onOff(people) : 'None',
    unwatched: unseen === undefined ? (condition === 'waiting' ? 'None' : 'OFF') : 'ON',
    cause: causeText(unseen?.cause, language),
  };
}

/** `None` is unknown to Home Assistant: there is a picture, or its absence has another cause. */
function causeText(cause: string | undefined, language: Language): string {
  return cause === 'dark' || cause === 'covered' ? labels[language][cause] : 'None';
}

/** Returns what a person wants to know of a room's incident; empty values while there is none. */
export function roomAttributes(room: RoomEvidence): Record<string, unknown> {
  const { incident } = room;
  const acknowledgment = incident === undefined ? undefined : acknowledgmentOf(incident);
  return {
    severity: severityOf(room),
    since: sinceOf(incident, room),
    incident_id: incident?.incident_id ?? null,
    falls: incident?.falls?.length ?? 0,
    person: incident?.person ?? null,
    acknowledged_by: acknowledgment?.by ?? null,
    acknowledged_at: acknowledgment?.at ?? null,
    acknowledged_via: acknowledgment?.via ?? null,
    drill: incident?.drill === true,
  };
}

function sinceOf(incident: Incident | undefined, room: RoomEvidence): string | null {
  if (incident === undefined) return judgeRoom(room).since ?? null;
  return incident.drill ? incident.opened_at : onFloorSince(incident);
}

const warnings: readonly RoomCondition[] = ['suspected', 'unwatched', 'blind'];

function severityOf(room: RoomEvidence): 'critical' | 'warning' | 'info' {
  const { condition } = judgeRoom(room);
  if (condition === 'fall' || room.incident?.drill === false) return 'critical';
  return warnings.includes(condition) ? 'warning' : 'info';
}

/** Returns the device of a room as Home Assistant discovers it. */
export function roomConfig(room: RoomEvidence, options: ShowOptions): Record<string, unknown> {
  const { topics, language, consoleUrl } = options;
  const texts = labels[language];
  const id = topics.roomId(room.id);
  const attributes = { json_attributes_topic: topics.roomAttributes(room.id) };
  const drill = {
    platform: 'binary_sensor',
    unique_id: `${id}_drill`,
    name: texts.drill,
    state_topic: topics.roomAttributes(room.id),
    value_template: "{{ 'ON' if value_json.drill else 'OFF' }}",
  };
  const button = (key: string, name: string, topic: string, payload: string) => ({
    platform: 'button',
    unique_id: `${id}_${key}`,
    name,
    command_topic: topic,
    payload_press: payload,
    retain: false,
    qos: 1,
  });
  const verdicts = buttonOutcomes.map(
    (outcome) => [outcome, button(outcome, texts[outcome], topics.resolve(room.id), outcome)] as const,
  );
  const address = consoleUrl === undefined ? undefined : new URL(`#/rooms/${room.id}`, consoleUrl).href;
  return {
    ...shared(id, { name: room.name ?? `${texts.room} ${room.id}`, model: 'Room', address }, topics),
    state_topic: topics.roomState(room.id),
    components: {
      fall: { ...sensor(id, 'fall', texts.fall, 'safety'), ...attributes },
      occupancy: sensor(id, 'occupancy', texts.occupancy, 'occupancy'),
      unwatched: sensor(id, 'unwatched', texts.unwatched, 'problem'),
      cause: {
        platform: 'sensor',
        unique_id: `${id}_cause`,
        name: texts.cause,
        entity_category: 'diagnostic',
        value_template: '{{ value_json.cause }}',
      },
      drill,
      picture: {
        platform: 'image',
        unique_id: `${id}_picture`,
        name: texts.picture,
        image_topic: topics.roomPicture(room.id),
        image_encoding: 'b64',
        content_type: 'image/png',
      },
      acknowledge: button('acknowledge', texts.acknowledge, topics.acknowledge(room.id), 'PRESS'),
      ...Object.fromEntries(verdicts),
      start_drill: button('start_drill', texts.start_drill, topics.drill(room.id), 'PRESS'),
      events: {
        platform: 'event',
        unique_id: `${id}_events`,
        name: texts.events,
        state_topic: topics.roomEvent(room.id),
        event_types: [...roomEventTypes],
      },
    },
  };
}
