import { gatherRoomEvidence, type House, type RoomEvidence, roomIds } from '@vigilia/house';
import { onFloorSince, type Status } from '@vigilia/protocol';
import { onOff, type ShowOptions, sensor, shared, type Value } from './discovery.ts';
import { labels } from './labels.ts';
import { roomAttributes, roomConfig, roomState } from './room-device.ts';

/** What Home Assistant is shown: the retained payload of each topic; a text is sent as it is, anything else as JSON. */
export interface Shown {
  readonly configs: ReadonlyMap<string, unknown>;
  readonly states: ReadonlyMap<string, unknown>;
  /** Until when the broker may keep what is published on a topic, epoch ms; without a limit where the topic is missing. */
  readonly untilMs: ReadonlyMap<string, number>;
}

/** The devices of the site, one per room and one per home processor, and their states; pure. */
export function showHouse(house: House, options: ShowOptions): Shown {
  const { topics, nowMs } = options;
  const rooms = roomIds(house).map((id) => gatherRoomEvidence(house, id, nowMs));
  // Dedicated processors come and go with incidents: as devices they would only litter the registry.
  const homes = [...house.processors.values()].filter(({ role }) => role === 'home');
  const configs = new Map<string, unknown>([
    ...rooms.map((room) => [topics.config(topics.roomId(room.id)), roomConfig(room, options)] as const),
    ...homes.map((one) => [topics.config(topics.processorId(one.instance_id)), processorConfig(one, options)] as const),
  ]);
  const pictures = rooms.flatMap((room) => pictureState(room, options));
  const states = new Map<string, unknown>([
    ...pictures.map(({ topic, picture }) => [topic, picture] as const),
    ...rooms.map((room) => [topics.roomState(room.id), roomState(room, options)] as const),
    ...rooms.map((room) => [topics.roomAttributes(room.id), roomAttributes(room)] as const),
    ...homes.map((one) => [topics.processorState(one.instance_id), processorState(one)] as const),
  ]);
  return { configs, states, untilMs: new Map(pictures.map(({ topic, untilMs }) => [topic, untilMs])) };
}

interface PictureState {
  readonly topic: string;
  readonly picture: string;
  readonly untilMs: number;
}

/**
 * Without a picture of the last fall, and once its replay may not be kept any more, there is no state: Home Assistant shows an
 * unknown image.
 */
function pictureState({ id, incident }: RoomEvidence, { topics, pictureOf, nowMs }: ShowOptions): PictureState[] {
  const picture = incident === undefined ? undefined : pictureOf?.(incident.incident_id);
  if (incident === undefined || picture === undefined || picture.fallAt !== onFloorSince(incident)) return [];
  const untilMs = Date.parse(incident.replay_until ?? '');
  if (!(untilMs > nowMs)) return [];
  return [{ topic: topics.roomPicture(id), picture: picture.png.toString('base64'), untilMs }];
}

function processorState({ status, health }: Status): Record<string, Value> {
  const away = status === 'offline';
  return {
    running: onOff(!away),
    problem: onOff(away || status === 'error' || (health !== undefined && health !== 'ok')),
  };
}

function processorConfig(
  { instance_id }: Status,
  { topics, language, consoleUrl }: ShowOptions,
): Record<string, unknown> {
  const texts = labels[language];
  const id = topics.processorId(instance_id);
  const address = consoleUrl === undefined ? undefined : new URL('#/processors', consoleUrl).href;
  return {
    ...shared(id, { name: instance_id, model: 'Processor', address }, topics),
    state_topic: topics.processorState(instance_id),
    components: {
      running: { ...sensor(id, 'running', texts.running, 'running'), entity_category: 'diagnostic' },
      problem: { ...sensor(id, 'problem', texts.trouble, 'problem'), entity_category: 'diagnostic' },
    },
  };
}
