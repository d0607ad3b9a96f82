import { z } from 'zod';
import { ackSchema } from '../ack.ts';
import { commandEnvelopeSchema } from '../command-message.ts';
import { commandNames, commandSchemas, commandSummaries } from '../commands.ts';
import { detectionsSchema } from '../detections.ts';
import { eventSchema, fallReportSchema } from '../events.ts';
import { incidentSchema } from '../incidents.ts';
import { metricsReportSchema, metricsSchema } from '../metrics.ts';
import { desiredRoomsSchema, orchestratorCommandSchemas, orchestratorStatusSchema } from '../orchestrator-messages.ts';
import { pictureSchema } from '../pictures.ts';
import { policySchema } from '../policy.ts';
import { roomStateSchema } from '../rooms.ts';
import { statusSchema } from '../status.ts';
import { createTopics } from '../topics.ts';

interface Channel {
  readonly id: string;
  readonly address: string;
  readonly summary: string;
  /** Seen from the house: `send` comes out of it, `receive` goes into it. */
  readonly action: 'send' | 'receive';
  readonly messages: Readonly<Record<string, z.ZodType>>;
  readonly qos?: 0 | 1;
  readonly retain?: boolean;
}

/** `{name}` of a topic as AsyncAPI writes parameters; topics are built only by `createTopics`. */
const place = (name: string) => `{${name}}`;

function channels(): Channel[] {
  const topics = createTopics();
  const room = topics.room(0).replace(/0$/, place('source_id'));
  const detections = topics.detections(0).replace(/0$/, place('source_id'));
  const id = place('instance_id');
  return [
    {
      id: 'commands',
      address: topics.commands,
      summary: 'Commands to processors; never retained.',
      action: 'receive',
      messages: Object.fromEntries(
        commandNames.map((name) => [
          name,
          commandEnvelopeSchema
            .extend({ command: z.literal(name), params: commandSchemas[name] })
            .describe(commandSummaries[name]),
        ]),
      ),
    },
    {
      id: 'status',
      address: topics.status(id),
      summary: 'A processor; its last will is offline.',
      action: 'send',
      messages: { status: statusSchema },
      retain: true,
    },
    {
      id: 'statusShared',
      address: topics.statusShared,
      summary: 'The same for those who watch one topic.',
      action: 'send',
      messages: { status: statusSchema },
    },
    {
      id: 'ack',
      address: topics.ack(id),
      summary: 'Answers to commands.',
      action: 'send',
      messages: { ack: ackSchema },
    },
    {
      id: 'ackShared',
      address: topics.ackShared,
      summary: 'The same for those who watch one topic.',
      action: 'send',
      messages: { ack: ackSchema },
    },
    {
      id: 'metricsReport',
      address: topics.metricsReport(id),
      summary: 'Full report after the command metrics.',
      action: 'send',
      messages: { report: metricsReportSchema },
    },
    {
      id: 'metrics',
      address: topics.metrics(id),
      summary: 'Light report; also a heartbeat.',
      action: 'send',
      messages: { metrics: metricsSchema },
      qos: 0,
      retain: true,
    },
    {
      id: 'detections',
      address: detections,
      summary: 'One for every analysed frame, also without detections.',
      action: 'send',
      messages: { detections: detectionsSchema },
      qos: 0,
    },
    {
      id: 'picture',
      address: topics.picture(0).replace(/0$/, place('source_id')),
      summary:
        'One picture after the command snapshot, where the policy allows it. Outside the other topics on purpose.',
      action: 'send',
      messages: { picture: pictureSchema },
      qos: 0,
    },
    {
      id: 'room',
      address: room,
      summary: 'What travels with a room.',
      action: 'send',
      messages: { room: roomStateSchema },
      retain: true,
    },
    {
      id: 'events',
      address: topics.event(place('type')),
      summary: 'What happened.',
      action: 'send',
      messages: { event: eventSchema },
    },
    {
      id: 'fallReport',
      address: topics.event('fall_detected'),
      summary: 'A fall seen by another sensor.',
      action: 'receive',
      messages: { report: fallReportSchema },
    },
    {
      id: 'incident',
      address: topics.incident(place('incident_id')),
      summary: 'An incident, until 24 h after closing.',
      action: 'send',
      messages: { incident: incidentSchema },
      retain: true,
    },
    {
      id: 'orchestratorRooms',
      address: topics.orchestratorRooms,
      summary: 'Desired state: who watches what in quiet times.',
      action: 'send',
      messages: { rooms: desiredRoomsSchema },
      retain: true,
    },
    {
      id: 'orchestratorPolicy',
      address: topics.orchestratorPolicy,
      summary: 'The policy set by set_policy.',
      action: 'send',
      messages: { policy: policySchema },
      retain: true,
    },
    {
      id: 'orchestratorCommands',
      address: topics.orchestratorCommands,
      summary: 'Commands of people to the orchestrator.',
      action: 'receive',
      messages: Object.fromEntries(
        Object.entries(orchestratorCommandSchemas).map(([name, params]) => [
          name,
          z.object({ command: z.literal(name), params, command_id: z.string().optional() }),
        ]),
      ),
    },
    {
      id: 'orchestratorStatus',
      address: topics.orchestratorStatus,
      summary: 'The orchestrator; its last will is offline.',
      action: 'send',
      messages: { status: orchestratorStatusSchema },
      retain: true,
    },
    {
      id: 'orchestratorAck',
      address: topics.orchestratorAck,
      summary: 'Its answers.',
      action: 'send',
      messages: { ack: ackSchema },
    },
  ];
}

/** The AsyncAPI 3 description of every topic and payload, as a plain object. */
export function asyncApiDocument(version: string): Record<string, unknown> {
  const all = channels();
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Vigilia',
      version,
      description:
        'Every MQTT topic and payload of the house. Those of the bridge to Home Assistant (below nvr/home-assistant and in Home Assistant’s own discovery tree) are in docs/home-assistant.md. Generated from packages/protocol by scripts/generate-docs.mjs; do not edit.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(all.map((channel) => [channel.id, channelObject(channel)])),
    operations: Object.fromEntries(all.map((channel) => [operationId(channel), operationObject(channel)])),
  };
}

function channelObject(channel: Channel): Record<string, unknown> {
  const names = [...channel.address.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  return {
    address: channel.address,
    description: channel.summary,
    ...(names.length === 0 ? {} : { parameters: Object.fromEntries(names.map((name) => [name, {}])) }),
    messages: Object.fromEntries(
      Object.entries(channel.messages).map(([name, schema]) => [name, { name, payload: payloadOf(schema) }]),
    ),
  };
}

function payloadOf(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...payload } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    reused: 'inline',
  });
  return payload;
}

function operationId(channel: Channel): string {
  return `${channel.action}${channel.id.charAt(0).toUpperCase()}${channel.id.slice(1)}`;
}

function operationObject(channel: Channel): Record<string, unknown> {
  return {
    action: channel.action,
    channel: { $ref: `#/channels/${channel.id}` },
    summary: channel.summary,
    bindings: { mqtt: { qos: channel.qos ?? 1, retain: channel.retain ?? false } },
    messages: Object.keys(channel.messages).map((name) => ({ $ref: `#/channels/${channel.id}/messages/${name}` })),
  };
}
