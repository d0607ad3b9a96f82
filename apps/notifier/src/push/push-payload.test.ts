import { createECDH, randomBytes } from 'node:crypto';
import webPush from 'web-push';
import type { AlertMessage } from '../targets/alert-message.ts';
import { pushPayload, tagOf } from './push-payload.ts';

function message(change: Partial<AlertMessage> = {}, facts: Partial<AlertMessage['facts']> = {}): AlertMessage {
  return {
    id: '1'.repeat(32),
    threadId: '2'.repeat(32),
    kind: 'fall',
    step: 'raised',
    severity: 'critical',
    title: 'Fall',
    text: 'A person is on the floor.',
    calledAs: 'Fall',
    ...change,
    facts: { happened_at: '2026-01-01T00:00:00.000Z', source_id: 2, ...facts },
  };
}

test('a fall keeps its tag when it gets an incident, and the news about it replace it', () => {
  const tags = [
    message(),
    message({}, { incident_id: 'inc-1' }),
    message({ step: 'escalated_120' }, { incident_id: 'inc-1' }),
    message({ step: 'acknowledged', severity: 'info' }, { incident_id: 'inc-1' }),
  ].map(tagOf);
  expect(new Set(tags)).toEqual(new Set(['fall-2']));
});

test('the end of an earlier fall that arrives late replaces no alarm of a later fall in the same room', () => {
  const late = message({ step: 'closed', severity: 'info', roomHasLaterFall: true }, { incident_id: 'inc-1' });
  const alarm = message({ threadId: '3'.repeat(32) }, { incident_id: 'inc-2' });
  expect(tagOf(late)).not.toBe(tagOf(alarm));
});

test('neither a drill nor another trouble of the room replaces its fall', () => {
  const others = [message({ kind: 'drill', severity: 'info' }), message({ kind: 'unwatched', severity: 'warning' })];
  expect(others.map(tagOf)).not.toContain(tagOf(message()));
  expect(tagOf(message({}, { source_id: 3 }))).not.toBe(tagOf(message()));
});

test.each([
  ['a fall', message(), true],
  ['an escalation', message({ step: 'escalated_120' }), true],
  ['a drill', message({ kind: 'drill', severity: 'info' }), true],
  ['news of who goes', message({ step: 'acknowledged', severity: 'info' }), false],
  ['the end', message({ step: 'closed', severity: 'info' }), false],
  ['an unwatched room', message({ kind: 'unwatched', severity: 'warning' }), false],
  ['a fall report without a known room', message({}, { source_id: undefined as never }), false],
])('%s asks a person to go: %#', (_, one, alarm) => {
  expect(pushPayload(one, 'en').alarm).toBe(alarm);
});

test('the picture of a fall travels in the message, where it fits in', () => {
  const pictured = (bytes: number) => {
    const small = Buffer.alloc(bytes);
    const picture = { png: small, small, description: 'A person on the floor' };
    return pushPayload(message({ step: 'replay', severity: 'info', picture }), 'en');
  };
  expect(pictured(2400).image).toBe(`data:image/webp;base64,${Buffer.alloc(2400).toString('base64')}`);
  expect(pictured(2400)).toMatchObject({ tag: 'fall-2', alarm: false });
  expect(pictured(3000).image).toBeUndefined();
});

test('the longest message fits into what every push service must take', () => {
  const picture = { png: Buffer.alloc(0), small: Buffer.alloc(1000), description: '' };
  const words = { title: '🚨'.repeat(2000), text: '"\\'.repeat(5000) };
  const long = message({ ...words, step: 'replay', picture }, { incident_id: 'i'.repeat(64) });
  const keys = {
    p256dh: createECDH('prime256v1').generateKeys('base64url'),
    auth: randomBytes(16).toString('base64url'),
  };
  const payload = JSON.stringify(pushPayload(long, 'es'));
  const { publicKey, privateKey } = webPush.generateVAPIDKeys();
  const { body } = webPush.generateRequestDetails({ endpoint: 'https://push.example/a', keys }, payload, {
    vapidDetails: { subject: 'mailto:a@b.example', publicKey, privateKey },
    contentEncoding: 'aes128gcm',
  });
  expect(body.length).toBeLessThanOrEqual(4096);
});
