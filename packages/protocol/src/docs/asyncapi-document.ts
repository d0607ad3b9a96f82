import { z } from 'zod';
import type { Channel } from '../channels/channel.ts';
import { channels } from '../channels/channels.ts';
import { withoutUndefined } from '../without-undefined.ts';

const services = ['processor', 'orchestrator', 'console', 'notifier'];

/** Returns the AsyncAPI 3 description of every channel, as a plain object. */
export function asyncApiDocument(version: string): Record<string, unknown> {
  const all: readonly Channel[] = Object.values(channels);
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Vigilia',
      version,
      description:
        'Every MQTT topic and payload of a site, with the default prefixes. Generated from packages/protocol by scripts/generate-docs.mjs; do not edit.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(all.map((channel) => [channel.name, channelObject(channel)])),
    operations: Object.fromEntries(all.map((channel) => [operationId(channel), operationObject(channel)])),
  };
}

/** The topic as AsyncAPI writes it, with the default prefixes. */
function address(channel: Channel): string {
  return channel.pattern.replace('{prefix}', 'nvr').replace('{discovery}', 'homeassistant');
}

function messagesOf(channel: Channel): Readonly<Record<string, z.ZodType>> {
  return channel.variants ?? { [channel.name]: channel.schema };
}

function channelObject(channel: Channel): Record<string, unknown> {
  const names = [...address(channel).matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const messages = Object.entries(messagesOf(channel)).map(([name, schema]) => [
    name,
    withoutUndefined({
      name,
      payload: payloadOf(schema),
      contentType: channel.encoding === 'text' ? 'text/plain' : undefined,
    }),
  ]);
  return withoutUndefined({
    address: address(channel),
    description: channel.summary,
    parameters: names.length > 0 ? Object.fromEntries(names.map((name) => [name, {}])) : undefined,
    messages: Object.fromEntries(messages),
    'x-writers': [...channel.writers],
    'x-readers': [...channel.readers],
    'x-max-bytes': channel.maxBytes,
  });
}

function payloadOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...payload } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    reused: 'inline',
  });
  return payload;
}

/** Seen from the site: `send` leaves one of its services, `receive` enters it. */
function actionOf(channel: Channel): 'send' | 'receive' {
  const commands = channel.variants !== undefined;
  return !commands && channel.name !== 'fallReport' && channel.writers.some((role) => services.includes(role))
    ? 'send'
    : 'receive';
}

function operationId(channel: Channel): string {
  return `${actionOf(channel)}${channel.name.charAt(0).toUpperCase()}${channel.name.slice(1)}`;
}

function operationObject(channel: Channel): Record<string, unknown> {
  return {
    action: actionOf(channel),
    channel: { $ref: `#/channels/${channel.name}` },
    summary: channel.summary,
    bindings: { mqtt: { qos: channel.qos, retain: channel.retain } },
    messages: Object.keys(messagesOf(channel)).map((name) => ({ $ref: `#/channels/${channel.name}/messages/${name}` })),
  };
}
