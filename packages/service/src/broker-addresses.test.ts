import { brokerAddresses, credentialsFor } from './broker-addresses.ts';
import { setting } from './setting-schemas.ts';

test('addresses are read in their order, spaces around the commas do not matter', () => {
  expect(brokerAddresses('mqtt://a:1883, mqtts://b ,mqtt://c,')).toEqual(['mqtt://a:1883', 'mqtts://b', 'mqtt://c']);
});

test('each of several brokers may have credentials of its own, one broker is given those of the settings', () => {
  const common = { username: 'u', password: 'p' };
  expect(credentialsFor('mqtt://x:y@a', common, true)).toEqual({ username: 'x', password: 'y' });
  expect(credentialsFor('mqtt://a', common, true)).toEqual(common);
  expect(credentialsFor('mqtt://x:y@a', common, false)).toEqual(common);
});

test.each([
  ['mqtt://a', true],
  ['mqtt://a:1883,mqtts://b:8883', true],
  ['', false],
  [',', false],
  ['mqtt://a,mqtt://a', false],
  ['mqtt://a,http://b', false],
  ['mqtt://a,b', false],
  [Array.from({ length: 9 }, (_, index) => `mqtt://b${index}`).join(','), false],
])('the setting %p is accepted: %p', (text, accepted) => {
  expect(setting.brokers().safeParse(text).success).toBe(accepted);
});

test('a list that is not accepted is refused with what is expected, without its passwords', () => {
  const message = setting.brokers().safeParse('mqtt://u:sec,ret@a,mqtt://b').error?.issues[0]?.message;
  expect(message).toContain('at most 8 different URLs');
  expect(message).toContain('%2C');
  expect(message).not.toContain('sec');
});
