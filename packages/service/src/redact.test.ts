import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { repoRoot } from '@vigilia/testing';
import fc from 'fast-check';
import { isSecretKey, redactDeep, redactUrl } from './redact.ts';

interface Shape {
  readonly text: string;
  readonly must_not_show: string;
}

const shapes = readFileSync(join(repoRoot, 'packages/service/test-data/address-shapes.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Shape);

describe('a secret of an address never leaves', () => {
  test.each(shapes)('by text, JSON or fields: $text', ({ text, must_not_show: secret }) => {
    expect(redactUrl(text)).not.toContain(secret);
    expect(redactUrl(JSON.stringify({ text }))).not.toContain(secret);
    expect(JSON.stringify(redactDeep({ list: [{ text }], [text]: 1 }))).not.toContain(secret);
  });

  test.each([
    ['rtsp://user:pass@cam/1', 'rtsp://***@cam/1'],
    ['rtsp://user:p@ss:w@cam:554/1', 'rtsp://***@cam:554/1'],
    ['rtsp://user:p/a#s?s@cam:554/1', 'rtsp://***@cam:554/1'],
    ['rtsp://token@cam', 'rtsp://***@cam'],
    ['open rtsp://a:b@c/d failed, tried http://e:f@g/h', 'open rtsp://***@c/d failed, tried http://***@g/h'],
    ['mqtts://u:p@h:8883', 'mqtts://***@h:8883'],
    ['http://h/s?user=x&token=abc&k=1', 'http://h/s?user=***&token=***'],
    ['http://h/s?access_token=abc&channel=1', 'http://h/s?access_token=***&channel=1'],
    ['rtsp://h/user=admin_password=x_channel=1', 'rtsp://h/***'],
    ['rtsp://h/live#x', 'rtsp://h/live#***'],
    ["Error opening 'rtsp://u:p@h/1'", "Error opening 'rtsp://***@h/1'"],
    ['401 rtsp://u:p@h/1: x', '401 rtsp://***@h/1: x'],
    ['ffmpeg:rtsp://u:p@h#video=copy', 'ffmpeg:rtsp://***@h#video=copy'],
    [String.raw`{"uri":"rtsp:\/\/u:p@h\/1","n":1}`, '{"uri":"rtsp://***@h/1","n":1}'],
    ['{"token":"x","mail":"a@b.org"}', '{"token":"***","mail":"a@b.org"}'],
    ['password=x y', 'password=*** y'],
  ])('%s is shown as scheme, host, port and the stem of its path', (text, expected) => {
    expect(redactUrl(text)).toBe(expected);
    expect(redactUrl(expected)).toBe(expected);
  });

  test.each([
    ['an address and an e-mail address in one line', 'rtsp://cam/1 failed, ask ana@example.org', 'rtsp://***'],
    ['an @ in a path', 'http://h/path@2x.png', 'http://***'],
    ['an @ in two words', 'rtsp://u:p@cam/1 for ana@example.org', 'rtsp://***'],
  ])('%s: what cannot be distinguished from a password is hidden', (_, text, expected) => {
    expect(redactUrl(text)).toBe(expected);
  });
});

describe('what holds no secret stays as it is', () => {
  test.each([
    'mail someone@example.org',
    '2026-01-01T00:00:00.000Z broker:1883 answers in 12 ms',
    'see rtsp://host:8554/1, or (rtsp://host:8554/2).',
    'rtsp://host/1: Connection refused',
    'mqtt://host:1883. It is mqtts://host:8883: try it, or ws://host:80!',
    'rtsp://[fe80::1%eth0]:554/1 timed out',
    'rtsp://host/cam/realmonitor?channel=1&subtype=0 timed out',
    'http://elasticsearch:9200/logs-vigilia.events-default/_doc/abc123',
    'http://docker/v1.41/containers/0123456789abcdef0123456789abcdef/json',
    'file:///work/demo/rooms/{source_id}.mp4',
    'http://10.0.0.4/a%20b.mp4',
    'Is it rtsp://h/1?',
    'must be a URL that starts with rtsp:// or rtsps://',
    'at f (file:///app/node_modules/@vigilia/service/dist/x.js:12:5)',
    '[h264 @ 0x55] rtsp://host/1 [rtsp @ 0x56]',
    'vigilia/processor:1.0@sha256:abcdef',
    'a // comment about @foo, in /usr/lib//x',
    '{"a":1.0,"at":"2026-01-01T00:00:00Z","mail":"ana@example.org","author":"x","token":null}',
    'wrong password: try again, token expired',
    'Basic settings, the bearer of news',
    '',
  ])('%s', (text) => {
    expect(redactUrl(text)).toBe(text);
  });

  test('any text without addresses, quotes, colons and equals signs', () => {
    const text = fc.string({ unit: 'grapheme' }).map((one) => one.replaceAll(/[/:="']/g, ''));
    fc.assert(fc.property(text, (one) => expect(redactUrl(one)).toBe(one)));
  });
});

describe('a raw password may hold any character', () => {
  const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  const special = [...' /#?@:\'"\\%{}&=,;'];
  const character = fc.constantFrom(...printable, ...special, 'é', 'ñ', '中', '😀', '\u00a0');
  const some = fc.string({ unit: character, maxLength: 4 });
  const marker = fc.stringMatching(/^[A-Za-z0-9]{6,10}$/).map((text) => `Zq${text}`);
  const scheme = fc.constantFrom(
    'rtsp',
    'rtsps',
    'RTSP',
    'http',
    'https',
    'mqtt',
    'ws',
    'tapo',
    'file',
    'x-own',
    'ffmpeg:rtsp',
  );
  const place = fc.constantFrom<(address: string, secret: string) => string>(
    (address, secret) => address.replace('USER', () => secret),
    (address, secret) => address.replace('PASSWORD', () => secret),
    (address, secret) => address.replace('USER:PASSWORD', () => secret),
    (address, secret) => address.replace('USER:PASSWORD@', '').replace('1?channel=0', () => `1?token=${secret}`),
    (address, secret) =>
      address.replace('USER:PASSWORD@', '').replace('channel=0', () => `user=x&p=${secret}&channel=1`),
    (address, secret) => address.replace('USER:PASSWORD@', '').replace('1?channel=0', () => `1?${secret}`),
    (address, secret) =>
      address.replace('USER:PASSWORD@', '').replace('1?', () => `user=admin_password=${secret}_channel=1?`),
  );
  const context = fc.constantFrom<(address: string) => string>(
    (address) => address,
    (address) => `Cannot open ${address}: timed out`,
    (address) => `Error opening '${address}' for room 3`,
    (address) => `rtsp://host/1 and ${address} and http://host.org/2`,
    (address) => `\u001b[32mINF\u001b[0m [rtsp @ 0x1] ${address}\nnext line`,
    (address) => `{"uri":"${address}","n":1}`,
    (address) => JSON.stringify({ level: 'warn', error: `dial ${address}: refused` }),
    (address) => JSON.stringify({ line: JSON.stringify({ uri: address }) }).replaceAll('/', '\\/'),
    (address) => address.slice(address.indexOf('//')),
  );

  test('in user, password, query or path of every scheme, alone, in sentences and in JSON', () => {
    const secret = fc.tuple(some, marker, some);
    fc.assert(
      fc.property(scheme, place, context, secret, (name, put, within, [before, kept, behind]) => {
        const text = within(put(`${name}://USER:PASSWORD@host.org:554/1?channel=0`, before + kept + behind));
        // without a scheme two slashes and white space are a comment, and three slashes begin a path of this machine
        fc.pre(!/(?:^|[^:])\/\/[/\s]/.test(text));
        const shown = redactUrl(text);
        expect(shown).not.toContain(kept);
        expect(redactUrl(shown)).not.toContain(kept);
        expect(JSON.stringify(redactDeep([{ text }]))).not.toContain(kept);
      }),
      { numRuns: 3000 },
    );
  });

  test('and every single one of them in every place', () => {
    for (const one of [...printable, 'é', '中', '😀']) {
      for (const secret of [`${one}S3CRET`, `S3CRET${one}`, `a${one}S3CRET${one}b`]) {
        const addresses = [
          `rtsp://${secret}:pw@host.org/1`,
          `rtsp://user:${secret}@host.org/1`,
          `rtsp://host.org/1?token=${secret}`,
          `rtsp://host.org/user=a_password=${secret}_channel=1`,
        ];
        for (const address of addresses) {
          expect(redactUrl(address)).not.toContain('S3CRET');
          expect(redactUrl(`Cannot open ${address}: timed out`)).not.toContain('S3CRET');
          expect(redactUrl(JSON.stringify({ address }))).not.toContain('S3CRET');
        }
      }
    }
  });
});

describe('no text keeps a process busy', () => {
  test.each([
    ['a query of hyphens', (length: number) => `x://?${'a-'.repeat(length)}`],
    ['schemes', (length: number) => '://'.repeat(length)],
    ['addresses', (length: number) => 'x://a: '.repeat(length)],
    ['known addresses', (length: number) => 'rtsp://a b '.repeat(length)],
    ['broken addresses', (length: number) => 'rtsp://a:b '.repeat(length)],
    ['at signs', (length: number) => `x://${'@'.repeat(length)}`],
    ['colons', (length: number) => 'a:'.repeat(length)],
    ['equals signs', (length: number) => 'pw='.repeat(length)],
    ['quotes', (length: number) => '"x://\\"y://\\\\\\"'.repeat(length)],
    ['backslashes', (length: number) => '/\\\\\\'.repeat(length)],
    ['slashes', (length: number) => ' //a'.repeat(length)],
    ['words with slashes', (length: number) => `${'a//'.repeat(length)}@`],
    ['placeholders', (length: number) => `x://${'{a}'.repeat(length)}`],
    ['redacted addresses', (length: number) => 'rtsp://***@h '.repeat(length)],
  ])('%s: twice the text is twice the work', (_, text) => {
    const [once, twice] = [workOn(text(500)), workOn(text(1_000))];
    expect(twice / once).toBeLessThan(2.2);
    expect(once / text(500).length).toBeLessThan(16);
  });
});

/** How many characters are looked at. */
function workOn(text: string): number {
  let work = 0;
  const code = jest.spyOn(String.prototype, 'charCodeAt').mockImplementation(function (this: string, index) {
    work += 1;
    return this.codePointAt(index) ?? Number.NaN;
  });
  const { slice, indexOf } = String.prototype;
  const slices = jest.spyOn(String.prototype, 'slice').mockImplementation(function (this: string, ...range) {
    const part = Reflect.apply(slice, this, range);
    work += part.length;
    return part;
  });
  const searches = jest.spyOn(String.prototype, 'indexOf').mockImplementation(function (this: string, ...search) {
    const found = Reflect.apply(indexOf, this, search);
    work += (found < 0 ? this.length : found) - (search[1] ?? 0);
    return found;
  });
  try {
    redactUrl(text);
  } finally {
    for (const spy of [code, slices, searches]) {
      spy.mockRestore();
    }
  }
  return work;
}

describe('redactDeep', () => {
  test('reaches every depth, hides secret keys, keeps yes and no, and survives a cycle', () => {
    const value: Record<string, unknown> = {
      a: [{ uri: 'rtsp://u:p@h/1', n: 1 }],
      mqtt_password: 'x',
      apiKey: 4711,
      credentials: { user: 'u' },
      auth: true,
      none: null,
    };
    value.self = value;
    expect(redactDeep(value)).toEqual({
      a: [{ uri: 'rtsp://***@h/1', n: 1 }],
      mqtt_password: '***',
      apiKey: '***',
      credentials: '***',
      auth: true,
      none: null,
      self: '[Circular]',
    });
  });

  test('shows of errors in any place only message, code and cause', () => {
    const cause = Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: 'rtsp://u:p@h' });
    const error = new Error('cannot open rtsp://u:p@h/1', { cause });
    expect(redactDeep({ tried: [error] })).toEqual({
      tried: [{ message: 'cannot open rtsp://***@h/1', cause: { message: 'Invalid URL', code: 'ERR_INVALID_URL' } }],
    });
  });

  test('an error that is its own cause ends', () => {
    const error = new Error('x');
    error.cause = error;
    expect(redactDeep(error)).toEqual({ message: 'x', cause: '[Circular]' });
  });

  test('hundred thousand levels do not end the process', () => {
    let value: unknown = 'rtsp://u:p@h';
    for (let level = 0; level < 100_000; level++) {
      value = [value];
    }
    expect(JSON.stringify(redactDeep(value))).toContain('[Too deep]');
  });

  test('an object that is met twice on each of forty levels is copied once', () => {
    let value: unknown = { uri: 'rtsp://u:p@h/1' };
    for (let level = 0; level < 40; level++) {
      value = [value, value];
    }
    const [first, second] = redactDeep(value) as [unknown, unknown];
    expect(first).toBe(second);
  });
});

test.each([
  'password',
  'MQTT_PASSWORD',
  'password2',
  'old_password_hash',
  'userpwd',
  'pw',
  'pwd',
  'passphrase',
  'api-key',
  'apiKey',
  'X-Api-Key',
  'privateKey',
  'accessToken',
  'access_token',
  'session_token',
  'jwt',
  'auth',
  'Authorization',
  'cookie',
  'set-cookie',
  'credential',
  'db.credentials',
  'clave',
])('a value under %s is hidden', (key) => {
  expect(isSecretKey(key)).toBe(true);
});

test.each([
  'monkey',
  'passes',
  'compass',
  'author',
  'authority',
  'authorized',
  'key',
  'keyframe_interval_ms',
  'token_count',
  'token_env',
  'password_file',
  'single_session',
  'command_id',
  'instance_id',
  '',
])('a value under "%s" is shown', (key) => {
  expect(isSecretKey(key)).toBe(false);
});
