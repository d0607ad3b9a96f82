import { createTopics, parseTopic } from './topics.ts';

const topics = createTopics('nvr');

const table: [string, string, object | undefined][] = [
  [topics.commands, 'nvr/control/commands', { kind: 'commands' }],
  [topics.statusShared, 'nvr/control/status', { kind: 'status_shared' }],
  [topics.status('a'), 'nvr/control/status/a', { kind: 'status', instanceId: 'a' }],
  [topics.ackShared, 'nvr/control/status/ack', { kind: 'ack_shared' }],
  [topics.ack('a'), 'nvr/control/status/a/ack', { kind: 'ack', instanceId: 'a' }],
  [topics.metricsReport('a'), 'nvr/control/status/metrics/a', { kind: 'metrics_report', instanceId: 'a' }],
  [topics.metrics('a'), 'nvr/status/metrics/a', { kind: 'metrics', instanceId: 'a' }],
  [topics.detections(7), 'nvr/detections/7', { kind: 'detections', sourceId: 7 }],
  [topics.room(7), 'nvr/rooms/7', { kind: 'room', sourceId: 7 }],
  [topics.event('fall_detected'), 'nvr/events/fall_detected', { kind: 'event', type: 'fall_detected' }],
  [topics.incident('inc-1'), 'nvr/incidents/inc-1', { kind: 'incident', incidentId: 'inc-1' }],
  [topics.orchestratorRooms, 'nvr/orchestrator/rooms', { kind: 'orchestrator_rooms' }],
  [topics.orchestratorCommands, 'nvr/orchestrator/commands', { kind: 'orchestrator_commands' }],
  [topics.orchestratorStatus, 'nvr/orchestrator/status', { kind: 'orchestrator_status' }],
  [topics.orchestratorAck, 'nvr/orchestrator/status/ack', { kind: 'orchestrator_ack' }],
  [topics.orchestratorPolicy, 'nvr/orchestrator/policy', { kind: 'orchestrator_policy' }],
  [topics.orchestratorMarker('a'), 'nvr/orchestrator/marker/a', { kind: 'orchestrator_marker' }],
  // pictures are no part of the house's tree
  [topics.picture(7), 'nvr-pictures/7', undefined],
];

test.each(table)('%s', (built, text, parsed) => {
  expect(built).toBe(text);
  expect(parseTopic('nvr', text)).toEqual(parsed);
});

test('every topic there is has its line above, and its filter takes every one of its kind', () => {
  const samples: Record<string, string> = {
    event: 'fall_detected',
    incident: 'inc-1',
    detections: '7',
    room: '7',
    picture: '7',
  };
  const build = (name: string, part: string): unknown => {
    const topic: unknown = Object.entries(topics).find(([key]) => key === name)?.[1];
    return typeof topic === 'function' ? topic(part) : topic;
  };
  const names = Object.keys(topics).filter((name) => name !== 'prefix' && name !== 'all');
  const filters = names.filter((name) => name.endsWith('Any'));
  for (const filter of filters) expect(build(filter, '')).toBe(build(filter.slice(0, -'Any'.length), '+'));
  const built = names.filter((name) => !filters.includes(name)).map((name) => build(name, samples[name] ?? 'a'));
  expect(built.sort()).toEqual(table.map(([, text]) => text).sort());
});

test.each([
  'nvr',
  'other/detections/1',
  'nvr/detections/x',
  'nvr/detections/1/2',
  'nvr/control/status/a/b',
  'nvr/events/',
  'nvrx/rooms/1',
])('%s is not ours', (topic) => {
  expect(parseTopic('nvr', topic)).toBeUndefined();
});

test('another prefix, with levels of its own', () => {
  expect(createTopics('house/b').detections(1)).toBe('house/b/detections/1');
  expect(parseTopic('house/b', 'house/b/detections/1')).toEqual({ kind: 'detections', sourceId: 1 });
});
