import fc from 'fast-check';
import { isSecretKey, redactDeep, redactUrl } from './redact.ts';

describe('redactUrl: a camera password in a log is a leak', () => {
  test.each([
    ['rtsp://user:pass@cam/1', 'rtsp://***@cam/1'],
    ['rtsp://user:p@ss:w@cam:554/1', 'rtsp://***@cam:554/1'],
    ['rtsp://token@cam', 'rtsp://***@cam'],
    ['open rtsp://a:b@c/d failed, tried http://e:f@g/h', 'open rtsp://***@c/d failed, tried http://***@g/h'],
    ['mqtts://u:p@h:8883', 'mqtts://***@h:8883'],
    ['http://h/s?user=x&token=abc&k=1', 'http://h/s?user=x&token=***&k=1'],
    ['http://h/s?access_token=abc', 'http://h/s?access_token=***'],
    ["Error opening 'rtsp://u:p@h/1'", "Error opening 'rtsp://***@h/1'"],
    ['rtsp://cam/1', 'rtsp://cam/1'],
    ['mail someone@example.org', 'mail someone@example.org'],
    ['http://h/path@2x.png', 'http://h/path@2x.png'],
    ['', ''],
  ])('%s', (text, expected) => {
    expect(redactUrl(text)).toBe(expected);
  });

  test('no password without spaces, slashes or quotes survives, wherever the url stands', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9@:!$&*+,;=._~-]{4,20}$/);
    fc.assert(
      fc.property(word, fc.string(), fc.string(), (password, before, after) => {
        const secret = `S${password}S`;
        expect(redactUrl(`${before} rtsp://user:${secret}@cam/1 ${after}`)).toContain('rtsp://***@cam/1');
        expect(redactUrl(`rtsp://user:${secret}@cam/1`)).not.toContain(secret);
      }),
    );
  });
});

test('redactDeep reaches every depth, hides secret keys and survives a cycle', () => {
  const value: Record<string, unknown> = {
    a: [{ uri: 'rtsp://u:p@h/1', n: 1 }],
    mqtt_password: 'x',
    apiKey: 'y',
    none: null,
  };
  value.self = value;
  expect(redactDeep(value)).toEqual({
    a: [{ uri: 'rtsp://***@h/1', n: 1 }],
    mqtt_password: '***',
    apiKey: '***',
    none: null,
    self: '[Circular]',
  });
});

test.each([
  ['password', true],
  ['MQTT_PASSWORD', true],
  ['api-key', true],
  ['monkey', false],
  ['passes', false],
])('isSecretKey(%s)', (key, expected) => {
  expect(isSecretKey(key)).toBe(expected);
});
