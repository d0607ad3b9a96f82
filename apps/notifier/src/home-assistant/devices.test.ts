import type { House, HouseMessage } from '@vigilia/house';
import { createHomeAssistantTopics } from '@vigilia/protocol';
import { deviceDiscoverySchema, eventPayloadSchema, objectIdPattern } from '../test-support/home-assistant-schema.ts';
import {
  acknowledged,
  at,
  closed,
  connected,
  detectionsMessage,
  houseOf,
  incident,
  incidentMessage,
  startMs,
  status,
  statusMessage,
} from '../test-support/samples.ts';
import { showHouse } from './devices.ts';
import { roomEvents } from './room-events.ts';

const topics = createHomeAssistantTopics({ prefix: 'nvr', discovery: 'homeassistant' });
type Heard = readonly (readonly [number, HouseMessage])[];
const show = (ms: number, ...heard: Heard) =>
  showHouse(houseOf(...heard), { topics, language: 'es', nowMs: startMs + ms });
const watched: Heard = [
  [0, connected],
  [0, statusMessage(status())],
  [10, detectionsMessage(1)],
];
const room = (ms: number, ...heard: Heard) => show(ms, ...watched, ...heard).states.get(topics.roomState(2));

test('every device is one that Home Assistant takes, under a name it allows', () => {
  const { configs } = show(100, ...watched, [20, statusMessage(status({ instance_id: 'a.b_c', streams: [] }))]);
  expect(configs.size).toBe(3);
  for (const [topic, config] of configs) {
    expect(() => deviceDiscoverySchema.parse(config)).not.toThrow();
    expect(topic.split('/').at(-2)).toMatch(objectIdPattern);
  }
});

test('the picture of a fall is shown only while its incident has had no later fall and its replay may be kept', () => {
  const png = Buffer.from('png');
  const pictureOf = () => ({ fallAt: at(0), png, small: png });
  const shownOf = (fallAt: string, replay_until: string | undefined = at(3_600_000)) => {
    const fall = { event_id: 'fall-1', first_low_at: fallAt, alarm_at: fallAt, reported_at: fallAt };
    const house = houseOf(...watched, [20, incidentMessage(incident({ falls: [fall], replay_until }))]);
    const shown = showHouse(house, { topics, language: 'es', nowMs: startMs + 100, pictureOf });
    return [shown.states.get(topics.roomPicture(2)), shown.untilMs.get(topics.roomPicture(2))];
  };
  expect(shownOf(at(0))).toEqual([png.toString('base64'), startMs + 3_600_000]);
  expect(shownOf(at(60_000))).toEqual([undefined, undefined]);
  expect(shownOf(at(0), at(50))).toEqual([undefined, undefined]);
});

test('no two entities have the same id, whatever processors are called', () => {
  const names = ['a.b', 'a_b', 'a-b'].map((instance_id) => [0, statusMessage(status({ instance_id }))] as const);
  const { configs } = show(100, ...watched, ...names);
  const ids = [...configs.values()].flatMap((config) =>
    Object.values(deviceDiscoverySchema.parse(config).components).map(({ unique_id }) => unique_id),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test.each<[string, number, Heard, Record<string, string>]>([
  ['a person in a quiet room', 100, [], { fall: 'OFF', occupancy: 'ON', unwatched: 'OFF' }],
  ['an empty room', 100, [[20, detectionsMessage(0)]], { fall: 'OFF', occupancy: 'OFF', unwatched: 'OFF' }],
  ['a fall', 100, [[20, incidentMessage(incident())]], { fall: 'ON', occupancy: 'ON', unwatched: 'OFF' }],
  [
    'help on its way',
    100,
    [[20, incidentMessage(incident(acknowledged()))]],
    { fall: 'ON', occupancy: 'ON', unwatched: 'OFF' },
  ],
  ['all over', 100, [[20, incidentMessage(incident(closed()))]], { fall: 'OFF', occupancy: 'ON', unwatched: 'OFF' }],
  [
    'a drill',
    100,
    [[20, incidentMessage(incident({ drill: true }))]],
    { fall: 'OFF', occupancy: 'ON', unwatched: 'OFF' },
  ],
  ['no processor analyses the room', 60_000, [], { fall: 'None', occupancy: 'None', unwatched: 'ON' }],
  [
    'a fall whose room is not monitored any more',
    60_000,
    [[20, incidentMessage(incident())]],
    { fall: 'ON', occupancy: 'None', unwatched: 'ON' },
  ],
])('%s', (_, ms, heard, wanted) => {
  expect(room(ms, ...heard)).toEqual({ ...wanted, cause: 'None' });
});

test.each([
  ['dark', 'La imagen está demasiado oscura.'],
  ['covered', 'Algo tapa la cámara.'],
])('a room whose camera is %s is not watched, and the cause names what to do', (cause, words) => {
  const stream = { ...status().streams?.[0], state: 'blind', blind_cause: cause } as never;
  const state = room(100, [20, statusMessage(status({ streams: [stream] }))]);
  expect(state).toMatchObject({ unwatched: 'ON', occupancy: 'None', cause: expect.stringContaining(words) });
});

test('a room that no processor has seen yet is unknown, and not safe', () => {
  const { states } = show(100, [0, connected], [0, statusMessage(status())]);
  expect(states.get(topics.roomState(2))).toEqual({
    fall: 'None',
    occupancy: 'None',
    unwatched: 'None',
    cause: 'None',
  });
});

test('the attributes of a fall show since when, how grave, and who is on the way', () => {
  const heard = (change: Parameters<typeof incident>[0]): unknown =>
    show(100, ...watched, [20, incidentMessage(incident(change))]).states.get(topics.roomAttributes(2));
  const falls = [{ event_id: 'e', first_low_at: at(-20_000), alarm_at: at(0), reported_at: at(0) }];
  expect(heard({ ...acknowledged('Ana'), falls, person: 'down' })).toMatchObject({
    severity: 'critical',
    since: at(-20_000),
    acknowledged_by: 'Ana',
    acknowledged_at: at(60_000),
    person: 'down',
    drill: false,
  });
  expect(heard({ drill: true })).toMatchObject({ severity: 'info', drill: true });
  expect(show(100, ...watched).states.get(topics.roomAttributes(2))).toMatchObject({ acknowledged_by: null, falls: 0 });
});

test('a device leads to the page of its room and names its version', () => {
  const house = houseOf(...watched);
  const options = {
    topics,
    language: 'en',
    nowMs: startMs + 100,
    consoleUrl: 'https://house.example/vigilia/',
  } as const;
  const config = deviceDiscoverySchema.parse(showHouse(house, options).configs.get(topics.config(topics.roomId(2))));
  expect(config.device).toMatchObject({
    configuration_url: 'https://house.example/vigilia/#/rooms/2',
    sw_version: expect.stringMatching(/^\d+\.\d+/),
  });
});

describe('the event entity of a room', () => {
  const of = (change: Parameters<typeof incident>[0]) => houseOf([0, incidentMessage(incident(change))]);
  const types = (before: House, after: House) => roomEvents(before, after).map(({ payload }) => payload.event_type);
  const fall = (id: string) => ({ event_id: id, alarm_at: at(0), reported_at: at(0) });

  test.each<[string, House, House, string[]]>([
    ['a fall', houseOf(), of({}), ['fall']],
    ['a later fall', of({ falls: [fall('a')] }), of({ falls: [fall('a'), fall('b')] }), ['fall']],
    ['help on its way', of({}), of(acknowledged()), ['acknowledged']],
    ['a person who is up', of({}), of({ recovered_at: at(1) }), ['person_up']],
    ['the end', of(acknowledged()), of(closed()), ['closed']],
    ['a drill', houseOf(), of({ drill: true }), ['drill_started']],
    ['the end of a drill', of({ drill: true }), of({ drill: true, state: 'closing' }), ['drill_ended']],
    ['nothing new', of(acknowledged()), of(acknowledged()), []],
    ['what was over before', houseOf(), of(closed()), []],
  ])('shows %s', (_, before, after, wanted) => {
    expect(types(before, after)).toEqual(wanted);
    for (const { payload } of roomEvents(before, after)) {
      expect(() => eventPayloadSchema.parse(payload)).not.toThrow();
    }
  });
});

test('a processor that is offline is a problem; a dedicated one is not a device', () => {
  const away = status({ instance_id: 'b', status: 'offline', streams: [] });
  const dedicated = status({ instance_id: 'a_1', role: 'dedicated' });
  const { states } = show(100, ...watched, [20, statusMessage(away)], [20, statusMessage(dedicated)]);
  expect(states.get(topics.processorState('b'))).toEqual({ running: 'OFF', problem: 'ON' });
  expect(states.get(topics.processorState('processor-a'))).toEqual({ running: 'ON', problem: 'OFF' });
  expect(states.has(topics.processorState('a_1'))).toBe(false);
});
