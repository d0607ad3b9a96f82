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

test('a device of one ward receives its own rooms and what concerns the whole site', () => {
  expect([2, 7, undefined].map((room) => pushConcerns({ rooms: [2, 3] }, room))).toEqual([true, false, true]);
  expect(pushConcerns({}, 7)).toBe(true);
});

test('a removal carries nothing but its id', () => {
  const removed = { subscription_id: 'ab'.repeat(16), state: 'removed' };
  expect(pushSubscriptionSchema.parse({ ...removed, endpoint: 'https://x.example/secret' })).toEqual(removed);
});
