import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repoRoot, tempFolder } from '@vigilia/testing';
import { loadAlerts, parseAlerts } from './load-alerts.ts';

const base = `
targets:
  phone: { type: ntfy, topic: ward }
rules:
  - { severity: critical, to: [phone] }
`;

test('the example is a file that the notifier takes', () => {
  const file = parseAlerts(readFileSync(join(repoRoot, 'deploy', 'alerts.example.yaml'), 'utf8'), 'example');
  expect(Object.keys(file.targets)).toEqual(['ward-phone', 'call-system', 'head-nurse', 'technician']);
  expect(file.rules.map(({ severity }) => severity)).toEqual([['critical'], ['warning'], ['info']]);
});

test('what is not set has a value that works', () => {
  expect(parseAlerts(base, 'x')).toMatchObject({
    language: 'en',
    time_zone: 'UTC',
    warn_after_s: 60,
    targets: { phone: { server: 'https://ntfy.sh', priority: { critical: 5, warning: 3, info: 2 } } },
  });
});

describe('a mistake is named by its field, and no value is repeated', () => {
  const cases: [string, string, RegExp][] = [
    ['a rule names no target', base.replace('[phone]', '[fone]'), /rules\.0\.to\.0: names fone, which is not among/],
    [
      'an escalation names no target',
      base.replace('to: [phone] }', 'to: [phone], escalate: [{ after_s: 5, to: [x] }] }'),
      /rules\.0\.escalate\.0\.to\.0/,
    ],
    ['a misspelt field', base.replace('topic', 'topik'), /targets\.phone has unknown fields: topik/],
    ['a time zone that is none', `time_zone: Mars/Base\n${base}`, /time_zone: must be a time zone/],
    ['quiet hours that are not times', `quiet_hours: { from: "25:00", to: "07:00" }\n${base}`, /quiet_hours\.from/],
    ['no rules', base.replace(/rules:\n.*/, 'rules: []'), /rules: must hold a rule/],
    [
      'credentials in an address',
      base.replace('topic: ward', 'topic: ward, server: "https://me:hunter2@ntfy.sh"'),
      /targets\.phone\.server: must not hold a user/,
    ],
    [
      'a webhook without a secret',
      base.replace('type: ntfy, topic: ward', 'type: webhook, url: "https://x.example/a"'),
      /secret_file: needs one of secret_file and secret_env/,
    ],
    [
      'a password over an open line',
      base.replace(
        'type: ntfy, topic: ward',
        'type: email, host: h, from: a@b.example, to: [c@b.example], username: u, password_env: P, security: none',
      ),
      /security: must not be none/,
    ],
    ['no YAML', 'targets: [hunter2', /line \d+ is not YAML/],
  ];
  test.each(cases)('the mistake is named: %s', (_, text, problem) => {
    expect(() => parseAlerts(text, 'alerts.yaml')).toThrow(problem);
    expect(() => parseAlerts(text, 'alerts.yaml')).not.toThrow(/hunter2/);
  });
});

describe('secrets', () => {
  test('come from files beside the alerts file or from variables', async () => {
    await using folder = await tempFolder('alerts');
    await writeFile(folder.file('token'), 'tk_1\n');
    const text = base
      .replace('topic: ward', 'topic: ward, token_file: token')
      .replace('rules:', '  hook: { type: webhook, url: "http://127.0.0.1:1/", secret_env: HOOK }\nrules:');
    await writeFile(folder.file('alerts.yaml'), text);
    const { secrets } = await loadAlerts(folder.file('alerts.yaml'), { HOOK: 's3' });
    expect(secrets).toEqual({ phone: { secret: 'tk_1' }, hook: { secret: 's3' } });
  });

  test('that are missing are all named', async () => {
    await using folder = await tempFolder('alerts');
    const text = base
      .replace('topic: ward', 'topic: ward, token_file: token')
      .replace('rules:', '  hook: { type: webhook, url: "http://127.0.0.1:1/", secret_env: HOOK }\nrules:');
    await writeFile(folder.file('alerts.yaml'), text);
    await expect(loadAlerts(folder.file('alerts.yaml'), {})).rejects.toMatchObject({
      code: 'secret_unreadable',
      message: expect.stringMatching(/targets\.phone\.token_file .*ENOENT.*targets\.hook\.secret_env/),
    });
  });

  test('a file that is missing is reported as missing', async () => {
    await expect(loadAlerts('/nowhere/alerts.yaml', {})).rejects.toMatchObject({ code: 'alerts_file_unreadable' });
  });
});
