import { isOfPushService, pushConcerns, pushSubscriptionSchema } from './push.ts';

const services = ['fcm.googleapis.com', '*.push.apple.com', 'push.house.example:8443'];

test.each([
  ['https://fcm.googleapis.com/fcm/send/abc', true],
  ['https://FCM.googleapis.com/fcm/send/abc', true],
  ['https://web.push.apple.com/abc', true],
  ['https://push.house.example:8443/abc', true],
  ['http://fcm.googleapis.com/abc', false],
  ['https://push.apple.com/abc', false],
  ['https://evilpush.apple.com.example/abc', false],
  ['https://xpush.apple.com/abc', false],
  ['https://push.house.example/abc', false],
  ['https://fcm.googleapis.com@127.0.0.1/abc', false],
  ['https://127.0.0.1:9200/_bulk', false],
  ['not an address', false],
])('the notifier calls the listed push services and no other server: %s', (endpoint, wanted) => {
  expect(isOfPushService(endpoint, services)).toBe(wanted);
});

test('a device receives the rooms that its owner chose and what concerns the whole site', () => {
  const concerns = (room: number | undefined) => pushConcerns({ rooms: [2, 3] }, room, undefined);
  expect([2, 7, undefined].map(concerns)).toEqual([true, false, true]);
  expect(pushConcerns({}, 7, undefined)).toBe(true);
});

test.each([
  ['its own ward', 'Ward 2', true],
  ['another ward', 'Ward 1', false],
  ['no ward, or one that is not known', undefined, true],
])('a device of ward 2 is notified about a room of %s: %s, %s', (_, ward, isNotified) => {
  expect(pushConcerns({ wards: ['Ward 2'] }, 7, ward)).toBe(isNotified);
  expect(pushConcerns({ wards: ['Ward 2'], rooms: [8] }, 7, ward)).toBe(false);
  expect(pushConcerns({ wards: ['Ward 2'] }, undefined, ward)).toBe(true);
});

test('a removal carries nothing but its id', () => {
  const removed = { subscription_id: 'ab'.repeat(16), state: 'removed' };
  expect(pushSubscriptionSchema.parse({ ...removed, endpoint: 'https://x.example/secret' })).toEqual(removed);
});
