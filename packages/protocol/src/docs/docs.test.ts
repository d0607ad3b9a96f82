import { Parser } from '@asyncapi/parser';
import { commandNames } from '../commands.ts';
import { errorCodes } from '../errors.ts';
import { createTopics } from '../topics.ts';
import { asyncApiDocument } from './asyncapi-document.ts';
import { commandsMarkdown } from './commands-markdown.ts';

test('the description of the topics is valid AsyncAPI, by the official parser', async () => {
  const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApiDocument('1.2.3')));
  expect(diagnostics.filter((one) => one.severity === 0).map((one) => `${one.path.join('.')}: ${one.message}`)).toEqual(
    [],
  );
  const addresses = document
    ?.channels()
    .all()
    .map((channel) => channel.address());
  expect(addresses).toEqual(
    expect.arrayContaining(['nvr/control/commands', 'nvr/detections/{source_id}', 'nvr/incidents/{incident_id}']),
  );
});

/** Topics without a channel: filters are for subscribers, and the marker is an orchestrator's word to itself. */
const noChannel = (name: string): boolean =>
  ['prefix', 'all', 'orchestratorMarker'].includes(name) || name.endsWith('Any');

test('every topic has its channel, and every channel is a topic', () => {
  const { channels } = asyncApiDocument('1.2.3') as { channels: Record<string, { address: string }> };
  const described = Object.values(channels).map(({ address }) => address.replace(/\{\w+\}/g, '+'));
  const topics = Object.entries(createTopics()).filter(([name]) => !noChannel(name));
  const built = topics.map(([, topic]) =>
    typeof topic === 'string' ? topic : (topic as (part: string) => string)('+'),
  );
  expect(built.filter((topic) => !described.includes(topic))).toEqual([]);
  // a fall of another sensor is one of the events, with a payload of its own
  const own = described.filter((address) => address !== createTopics().event('fall_detected'));
  expect(own.filter((address) => !built.includes(address))).toEqual([]);
});

test('every command and every error code has its line in the table', () => {
  const text = commandsMarkdown();
  for (const name of [...commandNames, ...Object.keys(errorCodes)]) expect(text).toContain(`\n| \`${name}\` |`);
});
