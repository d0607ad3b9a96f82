import { readFileSync } from 'node:fs';
import { peopleAccessRules, processorAccessRules } from '@vigilia/protocol';

const file = (name: string): string => readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');

test('the shipped rules of the broker are the ones that the table of channels gives', () => {
  expect(file('people.acl')).toBe(peopleAccessRules());
  expect(file('processors.acl')).toBe(processorAccessRules());
});

test('a processor reads incidents, and writes its own status only', () => {
  const rules = processorAccessRules().split('\n');
  expect(rules).toContain('pattern read nvr/incidents/+');
  expect(rules).toContain('pattern write nvr/control/status/%u/ack');
  expect(rules).not.toContain('pattern write nvr/control/status/+');
});

test('only the console and the notifier read the addresses of phones', () => {
  const sections = peopleAccessRules().split('\n\n');
  const readers = sections
    .filter((section) => section.includes('nvr-push/'))
    .map((section) => /^user (.+)$/m.exec(section)?.[1]);
  expect(readers).toEqual(['console', 'notifier']);
  expect(processorAccessRules()).not.toContain('nvr-push');
});
