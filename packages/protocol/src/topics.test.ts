import { channels } from './channels/channels.ts';
import { filterOf, parseTopic, placesOf } from './channels/topic.ts';
import { createTopics, mayReplyTo } from './topics.ts';

const topics = createTopics('nvr');
const { roots } = topics;

const subscriptionId = '0123456789abcdef'.repeat(2);

const table: [string, string, string | undefined, Record<string, string>][] = [
  [topics.commands, 'nvr/control/commands', 'commands', {}],
  [topics.statusShared, 'nvr/control/status', 'statusShared', {}],
  [topics.status('a'), 'nvr/control/status/a', 'status', { instance_id: 'a' }],
  [topics.ackShared, 'nvr/control/status/ack', 'ackShared', {}],
  [topics.ack('a'), 'nvr/control/status/a/ack', 'ack', { instance_id: 'a' }],
  [topics.metricsReport('a'), 'nvr/control/status/metrics/a', 'metricsReport', { instance_id: 'a' }],
  [topics.metrics('a'), 'nvr/status/metrics/a', 'metrics', { instance_id: 'a' }],
  [topics.detections(7), 'nvr/detections/7', 'detections', { source_id: '7' }],
  [topics.room(7), 'nvr/rooms/7', 'room', { source_id: '7' }],
  [topics.event('fall_detected'), 'nvr/events/fall_detected', 'event', { type: 'fall_detected' }],
  [topics.incident('inc-1'), 'nvr/incidents/inc-1', 'incident', { incident_id: 'inc-1' }],
  [topics.alert('inc-1'), 'nvr/alerts/inc-1', 'alert', { incident_id: 'inc-1' }],
  [topics.orchestratorRooms, 'nvr/orchestrator/rooms', 'orchestratorRooms', {}],
  [topics.orchestratorCommands, 'nvr/orchestrator/commands', 'orchestratorCommands', {}],
  [topics.orchestratorStatus, 'nvr/orchestrator/status', 'orchestratorStatus', {}],
  [topics.orchestratorAck, 'nvr/orchestrator/status/ack', 'orchestratorAck', {}],
  [topics.orchestratorPolicy, 'nvr/orchestrator/policy', 'orchestratorPolicy', {}],
  [topics.orchestratorMarker('b'), 'nvr/orchestrator/marker/b', 'orchestratorMarker', { boot_id: 'b' }],
  [topics.snapshot(7), 'nvr-pictures/7', 'snapshot', { source_id: '7' }],
  [topics.pushSettings, 'nvr-push/settings', 'pushSettings', {}],
  [
    topics.pushSubscription(subscriptionId),
    `nvr-push/subscriptions/${subscriptionId}`,
    'pushSubscription',
    { subscription_id: subscriptionId },
  ],
  [topics.onMyWayRequest, 'nvr-on-my-way/requests', 'onMyWayRequest', {}],
  [topics.onMyWayAnswer, 'nvr-on-my-way/answers', 'onMyWayAnswer', {}],
];

test.each(table)('%s is the topic %s of the channel %s', (built, text, name, places) => {
  expect(built).toBe(text);
  const parsed = parseTopic(text, roots);
  expect(parsed?.channel.name).toBe(name);
  expect(parsed?.places).toEqual(places);
});

test('every channel has one topic, and its filter finds it again', () => {
  for (const channel of Object.values(channels)) {
    // a number of a room and the name of a processor, or the id of a device
    const found = ['7', '7'.repeat(32)].map((place) =>
      placesOf(channel, filterOf(channel, roots).replaceAll('+', place), roots),
    );
    expect(found.some((places) => places !== undefined)).toBe(true);
  }
});

test.each([
  'nvr',
  'other/detections/1',
  'nvr/detections/x',
  'nvr/detections/01',
  'nvr/detections/1000001',
  'nvr/detections/1/2',
  'nvr/control/status/a/b',
  'nvr/control/status/a b',
  'nvr/events/',
  'nvrx/rooms/1',
])('%s is not a topic of this site', (topic) => {
  expect(parseTopic(topic, roots)).toBeUndefined();
});

test('a prefix may have several levels and characters that mean something in expressions', () => {
  const other = createTopics('site/b.1');
  expect(other.detections(1)).toBe('site/b.1/detections/1');
  expect(parseTopic('site/b.1/detections/1', other.roots)?.places).toEqual({ source_id: '1' });
  expect(parseTopic('site/bx1/detections/1', other.roots)).toBeUndefined();
});

describe('an answer never becomes a command or blocks the site', () => {
  test.each(['nvr/replies/x', 'nvr/replies/a/b', 'other/place', 'x'])('%s may receive answers', (topic) => {
    expect(mayReplyTo(topic, roots)).toBe(true);
  });
  test.each([
    'nvr/control/commands',
    'nvr/orchestrator/commands',
    'nvr/unknown',
    'nvr',
    'nvr-pictures/2',
    'nvr-push/settings',
    'nvr-on-my-way/answers',
    'homeassistant/status',
    'nvr/replies/+',
    'replies/#',
    '$SYS/x',
    '',
    'nul\0',
  ])('%j may not', (topic) => {
    expect(mayReplyTo(topic, roots)).toBe(false);
  });
});
