import { eventTypes, eventWriters } from '../events.ts';
import type { BrokerRole } from '../roles.ts';
import type { Channel } from './channel.ts';
import { channels } from './channels.ts';
import { filterOf, type TopicRoots } from './topic.ts';

const header = '# Generated from the table of channels in packages/protocol by scripts/generate-docs.mjs; do not edit.';
const roots: TopicRoots = { prefix: 'nvr', discovery: 'homeassistant' };

/** What each role is, for the reader of the file. */
const purposes: Readonly<Partial<Record<BrokerRole, string>>> = {
  orchestrator: 'Moves rooms between processors. Clears what a stopped dedicated processor left.',
  operator: 'A person at the keyboard: any command, and a fall by hand.',
  console: 'The page. What each signed-in person may do is decided by the console.',
  notifier: 'Notifies people outside; shows rooms and processors in Home Assistant and passes on its buttons.',
  sensor: 'Another fall sensor: reports falls and reads nothing.',
  sink: 'The log shipper.',
  readonly: 'A program that only reads.',
  homeassistant: 'Home Assistant: reads what the notifier shows it, and presses its buttons.',
};

/**
 * Returns Mosquitto's rules for the listener of people and services: one section per role; what is not named is refused.
 */
export function peopleAccessRules(): string {
  const sections = (Object.keys(purposes) as BrokerRole[]).map((role) =>
    [`# ${purposes[role]}`, `user ${role}`, ...rulesOf(role, 'topic').lines, ...extraRules(role)].join('\n'),
  );
  return `${header}\n\n${sections.join('\n\n')}\n`;
}

/**
 * Returns Mosquitto's rules for the listener of processors. Every processor has a user of its own, named like its instance id,
 * and writes under that name only (`%u`).
 */
export function processorAccessRules(): string {
  const { lines } = rulesOf('processor', 'pattern');
  return `${header}\n# Every processor is a user of its own; %u is its instance id.\n\n${lines.join('\n')}\n`;
}

function rulesOf(role: BrokerRole, keyword: 'topic' | 'pattern'): { readonly lines: readonly string[] } {
  const reads = new Set<string>();
  const writes = new Set<string>();
  for (const channel of Object.values(channels) as Channel[]) {
    if (channel.readers.includes(role)) {
      reads.add(wideFilter(channel));
    }
    for (const topic of writableTopics(channel, role)) {
      writes.add(topic);
    }
  }
  const both = [...reads].filter((topic) => writes.has(topic));
  return {
    lines: [
      ...both.map((topic) => `${keyword} readwrite ${topic}`),
      ...[...reads].filter((topic) => !both.includes(topic)).map((topic) => `${keyword} read ${topic}`),
      ...[...writes].filter((topic) => !both.includes(topic)).map((topic) => `${keyword} write ${topic}`),
    ],
  };
}

function writableTopics(channel: Channel, role: BrokerRole): readonly string[] {
  if (channel.name === 'event') {
    return eventTypes
      .filter((type) => eventWriters(type).includes(role))
      .map((type) => filterOf(channels.event, roots, { type }));
  }
  if (!channel.writers.includes(role)) return [];
  if (role !== 'processor' || !channel.pattern.includes('{instance_id}')) return [wideFilter(channel)];
  return [wideFilter(channel).replace('+', '%u')];
}

/** The place of a response topic may hold several levels. */
function wideFilter(channel: Channel): string {
  const filter = filterOf(channel, roots);
  return channel.name === 'replies' ? filter.replace(/\+$/, '#') : filter;
}

/** Topics that are not channels of Vigilia. */
function extraRules(role: BrokerRole): readonly string[] {
  return role === 'operator' ? ['topic read $SYS/broker/#'] : [];
}
