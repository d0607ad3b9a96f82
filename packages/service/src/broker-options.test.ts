import { brokerCheck, brokerOptions, clientIdFor } from './broker-options.ts';

test.each([
  ['nvr', 'orchestrator', 'orchestrator'],
  ['north', 'orchestrator', 'north-orchestrator'],
  ['site/north', 'processor-a', 'site.north-processor-a'],
])(
  'with the prefix %s the client id of %s is %s, so that sites on one broker never share one',
  (prefix, id, expected) => {
    expect(clientIdFor(prefix, id)).toBe(expected);
  },
);

test('every setting of the broker reaches the connection', () => {
  const settings = {
    mqttUrl: 'mqtts://h',
    mqttUsername: 'u',
    mqttPassword: 'p',
    mqttCaFile: 'ca.pem',
    mqttProtocol: '3.1.1' as const,
    mqttMaxPacketBytes: 5000,
    topicPrefix: 'north',
  };
  expect(brokerOptions(settings, 'a')).toEqual({
    url: 'mqtts://h',
    leaderTopic: 'north-leader',
    clientId: 'north-a',
    username: 'u',
    password: 'p',
    caFile: 'ca.pem',
    protocol: '3.1.1',
    maxPacketBytes: 5000,
  });
});

test('a service with two connections is ready only when the broker refuses neither anything', () => {
  const health = {
    ok: true,
    connected: true,
    broker: 'mqtt://h',
    moves: 0,
    leaderIsHere: true,
    refusedPublishes: 0,
    refusedTopics: [] as string[],
    refusedSubscriptions: [] as string[],
    droppedAnswers: 0,
    rejectedKept: 0,
    droppedLatest: 0,
    tooLarge: 0,
    queued: 0,
    queuedBytes: 0,
  };
  const good = { health: () => health };
  const refused = { health: () => ({ ...health, ok: false, refusedTopics: ['t: not authorized (0x87)'] }) };
  expect(brokerCheck(good, good)).toMatchObject({ ok: true, mqtt_connected: true });
  expect(brokerCheck()).toMatchObject({ ok: false, mqtt_connected: false });
  expect(brokerCheck(good, refused)).toMatchObject({ ok: false, mqtt_refused_topics: ['t: not authorized (0x87)'] });
});
