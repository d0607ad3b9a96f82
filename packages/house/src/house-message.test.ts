import { channels, createTopics, decodeMessage, type Message, placesOf } from '@vigilia/protocol';
import { fold } from './fold.ts';
import { emptyHouse, type House } from './house.ts';
import { type HouseChannel, houseChannels, houseMessage } from './house-message.ts';

const nowMs = Date.parse('2026-01-01T10:00:00.000Z');
const timestamp = new Date(nowMs).toISOString();
const { roots, ...topics } = createTopics();

/** Returns the site after a message arrived as the broker delivers it; a rejected one changes nothing. */
function hear(house: House, channel: HouseChannel, topic: string, body: unknown): House {
  const places = placesOf(channel, topic, roots);
  if (places === undefined) throw new Error(`${topic} is not a topic of ${channel.name}`);
  const payload = new TextEncoder().encode(body === '' ? '' : JSON.stringify(body));
  const decoded = decodeMessage<HouseChannel>(channel, places, { topic, payload, retain: false });
  if (!decoded.ok) return house;
  const message = { channel: channel.name, places: decoded.places, value: decoded.value };
  const heard = houseMessage(message as unknown as Parameters<typeof houseMessage>[0], nowMs);
  return heard === undefined ? house : fold(house, heard, nowMs);
}

const sender = { instance_id: 'a', boot_id: 'b1', timestamp };
const retained: readonly (readonly [string, HouseChannel, string, unknown, (house: House) => unknown])[] = [
  [
    'status',
    channels.status,
    topics.status('a'),
    { ...sender, client_id: 'a', role: 'home', status: 'running' },
    ({ processors }) => processors.get('a'),
  ],
  [
    'rooms of the orchestrator',
    channels.orchestratorRooms,
    topics.orchestratorRooms,
    { rooms: { 2: { home: 'a', zones: [] } }, updated_at: timestamp, revision: 1 },
    ({ desired }) => desired,
  ],
  [
    'status of the orchestrator',
    channels.orchestratorStatus,
    topics.orchestratorStatus,
    { ...sender, status: 'acting' },
    ({ orchestrator }) => orchestrator,
  ],
  [
    'incident',
    channels.incident,
    topics.incident('i1'),
    {
      incident_id: 'i1',
      source_id: 2,
      state: 'open',
      drill: false,
      degraded: false,
      by: [],
      home: 'a',
      watched_by: 'a',
      steps: {},
      durations_ms: {},
      overrides: [],
      attempts: { spawn: 0 },
      event_ids: [],
      opened_at: timestamp,
      updated_at: timestamp,
      trace_id: 't',
    },
    ({ incidents }) => incidents.get('i1'),
  ],
];

test.each(retained)('%p: a retained message is kept, and a cleared one is removed', (_, channel, topic, body, find) => {
  const known = hear(emptyHouse(nowMs), channel, topic, body);
  expect(find(known)).toBeDefined();
  expect(find(hear(known, channel, topic, ''))).toBeUndefined();
});

test.each([
  ['a bare fall report of a sensor', { source_id: 2 }],
  ['a fall report of a sensor with its own time', { source_id: 2, timestamp: '2026-01-01 10:00:00', event_id: 7 }],
  ['an empty message', ''],
])('%s is not an event of Vigilia and changes nothing', (_, body) => {
  const before = emptyHouse(nowMs);
  expect(hear(before, channels.event, topics.event('fall_detected'), body)).toBe(before);
});

test('an event of a processor is kept', () => {
  const event = {
    ...sender,
    event: 'fall_detected',
    event_id: 'e1',
    source_id: 2,
    severity: 'critical',
    trace_id: 't',
  };
  const house = hear(emptyHouse(nowMs), channels.event, topics.event('fall_detected'), event);
  expect(house.events).toMatchObject([{ event_id: 'e1' }]);
});

test.each(houseChannels.filter(({ retain }) => !retain).map((channel) => [channel.name, channel] as const))(
  'without a payload a message of %s changes nothing',
  (name, channel) => {
    const message = { channel: name, places: {}, value: undefined } as unknown as Message<typeof channel>;
    expect(houseMessage(message as Parameters<typeof houseMessage>[0], nowMs)).toBeUndefined();
  },
);
