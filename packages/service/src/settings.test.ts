import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExitRequest } from './exit-request.ts';
import { setting } from './setting-schemas.ts';
import { defineSettings, parseSettings, parseSettingsWithSources } from './settings.ts';
import { UsageError } from './usage-error.ts';

const spec = defineSettings('vigilia processor', 'Watches rooms.', {
  streams: { flag: '--streams <list>', env: 'STREAMS', schema: setting.integerList(), default: [], describe: 'rooms' },
  maxFps: {
    flag: '--max-fps <fps>',
    env: 'MAX_FPS',
    schema: setting.number({ min: 0.01, max: 30 }),
    default: 1,
    describe: 'rate',
  },
  enableControl: {
    flag: '--enable-control',
    env: 'ENABLE_CONTROL',
    schema: setting.boolean(),
    default: false,
    describe: 'obey',
  },
  mqttUrl: { flag: '--mqtt-url <url>', env: 'MQTT_URL', schema: setting.url('mqtt', 'mqtts'), describe: 'broker' },
  decode: {
    flag: '--decode <mode>',
    env: 'DECODE',
    schema: setting.oneOf('auto', 'keyframes', 'full'),
    default: 'auto',
    describe: 'x',
  },
  healthPort: { flag: '--health-port <port>', env: 'HEALTH_PORT', schema: setting.port().optional(), describe: 'port' },
  mqttPassword: { env: 'MQTT_PASSWORD', schema: setting.text().optional(), secret: true, describe: 'password' },
});
const url = ['--mqtt-url', 'mqtt://localhost'];

function failure(argv: string[], env: NodeJS.ProcessEnv = {}): UsageError {
  try {
    parseSettings(spec, argv, env);
  } catch (error) {
    if (error instanceof UsageError) {
      return error;
    }
  }
  throw new Error('it was accepted');
}

test.each([
  ['0-3', [0, 1, 2, 3]],
  ['0,2-4,9', [0, 2, 3, 4, 9]],
  ['7-7', [7]],
])('a list of rooms may have ranges: %s', (text, expected) => {
  expect(parseSettings(spec, ['--streams', text, ...url], {}).streams).toEqual(expected);
});

test.each(['3-1', '1-', '-3', '0-3,2', '0-5000'])('"%s" is not a list of rooms', (text) => {
  expect(failure([`--streams=${text}`, ...url]).message).toContain('list of different numbers like 0,1,2 or 0-7');
});

test('a value that begins with a dash belongs to the flag before it, with and without an equals sign', () => {
  const withText = defineSettings('vigilia processor', 'x', {
    inputArgs: { flag: '--input-args <args>', schema: setting.text(), describe: 'x' },
    enableControl: { flag: '--enable-control', schema: setting.boolean(), default: false, describe: 'x' },
  });
  const read = (...argv: string[]) => parseSettings(withText, argv, {});
  expect(read('--input-args', '-hwaccel vaapi', '--enable-control')).toEqual({
    inputArgs: '-hwaccel vaapi',
    enableControl: true,
  });
  expect(read('--input-args=-hwaccel vaapi').inputArgs).toBe('-hwaccel vaapi');
  expect(() => read('--input-args', '--enable-control')).toThrow(/--input-args needs a value/);
  expect(() => read('--input-args', 'x', '-y')).toThrow(/-y is not a known flag/);
});

test('flags, variables and defaults become one typed object', () => {
  const found: {
    streams: number[];
    maxFps: number;
    healthPort: number | undefined;
    decode: 'auto' | 'keyframes' | 'full';
  } = parseSettings(spec, ['--streams', '0,1,2', '--enable-control', '--max-fps=0.1', ...url], {
    DECODE: 'full',
    MAX_FPS: '5',
  });
  expect(found).toEqual({
    streams: [0, 1, 2],
    maxFps: 0.1,
    enableControl: true,
    mqttUrl: 'mqtt://localhost',
    decode: 'full',
    healthPort: undefined,
    mqttPassword: undefined,
  });
});

test('every bad flag and variable is named at once, and no value is shown', () => {
  const error = failure(
    [
      '--streams',
      '1,x-secret',
      '--max-fps',
      '99.5',
      '--nonsense=1',
      '--decode',
      'secret-mode',
      '--health-port',
      '--mqtt-url',
      'http://u:pw@h',
    ],
    { ENABLE_CONTROL: 'secret-maybe' },
  );
  expect(error.code).toBe('invalid_settings');
  for (const name of [
    '--streams',
    '--max-fps',
    '--nonsense',
    '--decode',
    '--health-port',
    '--mqtt-url',
    'ENABLE_CONTROL',
  ]) {
    expect(error.message).toContain(name);
  }
  expect(error.message).not.toMatch(/secret|99\.5|pw@/);
  expect(error.message).toContain('from 0.01 to 30');
  expect(error.remedy).toBe('See vigilia processor --help.');
});

test.each([
  ['a missing required setting', [], '--mqtt-url or MQTT_URL must be given'],
  ['a word too many', [...url, 'secret'], 'there is a word that belongs to no flag'],
  ['a doubled room', [...url, '--streams', '1,1'], '--streams must be a list of different numbers'],
  [
    'a fraction where a port is wanted',
    [...url, '--health-port', '1.5'],
    '--health-port must be a port number from 0 to 65535',
  ],
])('%s is refused', (_name, argv, sentence) => {
  expect(failure(argv).message).toContain(sentence);
});

test('an empty variable counts as unset, as compose files leave them', () => {
  expect(parseSettings(spec, url, { MAX_FPS: '', DECODE: '' })).toMatchObject({ maxFps: 1, decode: 'auto' });
});

test.each([
  ['true', true],
  ['0', false],
  ['Yes', true],
  ['off', false],
])('a boolean variable may be %s', (text, expected) => {
  expect(parseSettings(spec, url, { ENABLE_CONTROL: text }).enableControl).toBe(expected);
});

describe('a secret in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vigilia-settings-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('is read without its line end, and the variable itself wins', () => {
    const file = join(folder, 'password');
    writeFileSync(file, 'from file\n');
    expect(parseSettings(spec, url, { MQTT_PASSWORD_FILE: file }).mqttPassword).toBe('from file');
    expect(parseSettings(spec, url, { MQTT_PASSWORD_FILE: file, MQTT_PASSWORD: 'direct' }).mqttPassword).toBe('direct');
  });

  test('that cannot be read is named by its variable', () => {
    expect(failure(url, { MQTT_PASSWORD_FILE: join(folder, 'none') }).message).toMatch(/MQTT_PASSWORD_FILE .*ENOENT/);
  });

  test('that is empty is refused with the name of its variable', () => {
    const file = join(folder, 'empty');
    writeFileSync(file, '\n');
    expect(failure(url, { MQTT_PASSWORD_FILE: file }).message).toContain('MQTT_PASSWORD_FILE must not be empty');
  });
});

test('sources show which flags a stored state overrides', () => {
  const { sources } = parseSettingsWithSources(spec, [...url, '--max-fps', '2'], { DECODE: 'full' });
  expect(sources).toMatchObject({ maxFps: 'flag', decode: 'env', streams: 'default' });
});

test('--help lists flags, variables and defaults and ends with 0', () => {
  let shown = '';
  const write = process.stdout.write;
  process.stdout.write = (text: string | Uint8Array) => {
    shown += String(text);
    return true;
  };
  try {
    expect(() => parseSettings(spec, ['--help', '--nonsense'], {})).toThrow(ExitRequest);
  } finally {
    process.stdout.write = write;
  }
  expect(shown).toContain('Watches rooms.');
  expect(shown).toMatch(/--max-fps <fps>\s+rate \(default 1\) \[MAX_FPS\]/);
  expect(shown).toContain('MQTT_PASSWORD or MQTT_PASSWORD_FILE');
});
