import { type House, judgeRoom, type RoomCase, roomCase, roomIds, watchVerdict } from '@vigilia/house';
import type { HomeAssistantTopics, Status } from '@vigilia/protocol';
import type { Language } from '../config/alerts-schema.ts';

/** What Home Assistant is shown: the retained payload of each topic. */
export interface Shown {
  readonly configs: ReadonlyMap<string, unknown>;
  readonly states: ReadonlyMap<string, unknown>;
}

/** A binary sensor’s value; `None` is unknown. Source: home-assistant.io/integrations/binary_sensor.mqtt. */
type Value = 'ON' | 'OFF' | 'None';

const labels = {
  en: {
    fall: 'Fall',
    occupancy: 'Person',
    unwatched: 'Not watched',
    cause: 'Cause of no picture',
    causes: {
      dark: 'The picture is too dark to see by. Switch the infrared light of the camera on, or add a lamp.',
      covered: 'Something covers the camera. Remove it, or clean the lens.',
    },
    acknowledge: 'Acknowledge',
    room: 'Room',
    running: 'Running',
    trouble: 'Trouble',
  },
  es: {
    fall: 'Caída',
    occupancy: 'Persona',
    unwatched: 'Sin vigilancia',
    cause: 'Causa de la falta de imagen',
    causes: {
      dark: 'La imagen está demasiado oscura. Encienda la luz infrarroja de la cámara o ponga una lámpara.',
      covered: 'Algo tapa la cámara. Retírelo o limpie el objetivo.',
    },
    acknowledge: 'Confirmar',
    room: 'Habitación',
    running: 'En marcha',
    trouble: 'Avería',
  },
} as const;

export interface ShowOptions {
  readonly topics: HomeAssistantTopics;
  readonly language: Language;
  readonly nowMs: number;
}

/** The devices of the house, one a room and one a home processor, and their states; pure. */
export function showHouse(house: House, options: ShowOptions): Shown {
  const { topics, nowMs } = options;
  const rooms = roomIds(house).map((id) => roomCase(house, id, nowMs));
  // Dedicated processors come and go with incidents: as devices they would only litter the registry.
  const homes = [...house.processors.values()].filter(({ role }) => role === 'home');
  const configs = new Map<string, unknown>([
    ...rooms.map((room) => [topics.config(topics.roomId(room.id)), roomConfig(room, options)] as const),
    ...homes.map((one) => [topics.config(topics.processorId(one.instance_id)), processorConfig(one, options)] as const),
  ]);
  const states = new Map<string, unknown>([
    ...rooms.map((room) => [topics.roomState(room.id), roomState(room, options)] as const),
    ...homes.map((one) => [topics.processorState(one.instance_id), processorState(one)] as const),
  ]);
  return { configs, states };
}

function roomState(room: RoomCase, { language }: ShowOptions): Record<string, string> {
  const { condition } = judgeRoom(room);
  const unseen = watchVerdict(room);
  const heard = room.facts.seenAtMs !== undefined && unseen === undefined && condition !== 'waiting';
  const people = room.facts.detections?.detections.some(({ class_name }) => class_name === 'person') === true;
  const { incident } = room;
  // A fall stays on until its incident is closed: also while help is on the way.
  const fall = condition === 'fall' || (incident !== undefined && !incident.drill);
  return {
    fall: onOff(fall),
    occupancy: heard ? onOff(people) : 'None',
    unwatched: unseen === undefined ? (condition === 'waiting' ? 'None' : 'OFF') : 'ON',
    cause: causeText(unseen?.cause, language),
  };
}

/** `None` is unknown to Home Assistant: there is a picture, or its absence has another cause. */
function causeText(cause: string | undefined, language: Language): string {
  return cause === 'dark' || cause === 'covered' ? labels[language].causes[cause] : 'None';
}

function processorState({ status, health }: Status): Record<string, Value> {
  const away = status === 'offline';
  return {
    running: onOff(!away),
    problem: onOff(away || status === 'error' || (health !== undefined && health !== 'ok')),
  };
}

function roomConfig(room: RoomCase, { topics, language }: ShowOptions): Record<string, unknown> {
  const say = labels[language];
  const id = topics.roomId(room.id);
  return {
    ...shared(id, room.name ?? `${say.room} ${room.id}`, 'Room', topics),
    state_topic: topics.roomState(room.id),
    components: {
      fall: sensor(id, 'fall', say.fall, 'safety'),
      occupancy: sensor(id, 'occupancy', say.occupancy, 'occupancy'),
      unwatched: sensor(id, 'unwatched', say.unwatched, 'problem'),
      cause: {
        platform: 'sensor',
        unique_id: `${id}_cause`,
        name: say.cause,
        entity_category: 'diagnostic',
        value_template: '{{ value_json.cause }}',
      },
      acknowledge: {
        platform: 'button',
        unique_id: `${id}_acknowledge`,
        name: say.acknowledge,
        command_topic: topics.acknowledge(room.id),
        payload_press: 'PRESS',
        retain: false,
        qos: 1,
      },
    },
  };
}

function processorConfig({ instance_id }: Status, { topics, language }: ShowOptions): Record<string, unknown> {
  const say = labels[language];
  const id = topics.processorId(instance_id);
  return {
    ...shared(id, instance_id, 'Processor', topics),
    state_topic: topics.processorState(instance_id),
    components: {
      running: { ...sensor(id, 'running', say.running, 'running'), entity_category: 'diagnostic' },
      problem: { ...sensor(id, 'problem', say.trouble, 'problem'), entity_category: 'diagnostic' },
    },
  };
}

function shared(id: string, name: string, model: string, topics: HomeAssistantTopics) {
  return {
    device: { identifiers: [id], name, manufacturer: 'Vigilia', model },
    origin: { name: 'Vigilia' },
    availability: [{ topic: topics.availability, payload_available: 'online', payload_not_available: 'offline' }],
    qos: 1,
  };
}

function sensor(id: string, key: string, name: string, deviceClass: string): Record<string, unknown> {
  return {
    platform: 'binary_sensor',
    unique_id: `${id}_${key}`,
    name,
    device_class: deviceClass,
    value_template: `{{ value_json.${key} }}`,
    payload_on: 'ON',
    payload_off: 'OFF',
  };
}

function onOff(value: boolean): Value {
  return value ? 'ON' : 'OFF';
}
