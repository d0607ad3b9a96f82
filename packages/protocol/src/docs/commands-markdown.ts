import { z } from 'zod';
import { type CommandName, commandDescriptors, commandNames } from '../commands.ts';
import { errorCodes } from '../errors.ts';
import {
  type OrchestratorCommandName,
  orchestratorCommandDescriptors,
  orchestratorCommandNames,
} from '../orchestrator-messages.ts';
import { createTopics } from '../topics.ts';

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

const topics = createTopics();

/** `docs/commands.md`: every command with its parameters, and every error code. Generated from the schemas. */
export function commandsMarkdown(): string {
  return [
    '# Commands',
    '',
    '<!-- Generated from packages/protocol by scripts/generate-docs.mjs; do not edit. -->',
    '',
    `Publish to \`${topics.commands}\`: \`{"command": "…", "params": {…}}\`, never retained. Optional fields: \`target_instances\``,
    '(a list of instance ids; default `["*"]`: all homes), `command_id` (a repeated one is answered again and run once), `expires_in_ms`',
    `(how long after its arrival it may begin; \`expires_at\` with \`sent_at\` says the same in two times of the sender) and \`trace_id\`. Answers come on \`${topics.ack('{instance_id}')}\` and \`${topics.ackShared}\`: \`received\`, then`,
    '`completed` or `error`. With `source_id` a setting is for that room; without, for all rooms and later ones.',
    '',
    'A command is an operator’s unless the leading orchestrator sends it with another `author`. What an operator sets becomes what is',
    'desired of the room: incidents that are open leave it alone, a later incident may change it while it lasts, and it comes back',
    'afterwards. `set_by` in the status of the processor names the author of each setting (ADR 24).',
    '',
    '| command | parameters (? = optional) | what it does |',
    '|---|---|---|',
    ...commandNames.map((name) => row(name)),
    '',
    '## Examples',
    '',
    '```bash',
    ...examples.map((example) => `mosquitto_pub -h localhost -t ${topics.commands} -m '${JSON.stringify(example)}'`),
    '```',
    '',
    '## Error codes',
    '',
    '| code | meaning |',
    '|---|---|',
    ...Object.entries(errorCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`),
    '',
    '## Commands to the orchestrator',
    '',
    `On \`${topics.orchestratorCommands}\`, answered on \`${topics.orchestratorAck}\`. An incident is named by \`incident_id\` or by its room.`,
    '',
    '| command | parameters (? = optional) | what it does |',
    '|---|---|---|',
    ...orchestratorCommandNames.map((name) => orchestratorRow(name)),
    '',
  ].join('\n');
}

const examples = [
  { command: 'restart' },
  { command: 'change_model', params: { model_id: 'yolov11x-640' } },
  { command: 'set_fps', params: { max_fps: 1.0 } },
  { command: 'add_stream', params: { source_id: 8 } },
  { command: 'remove_stream', params: { source_id: 2 } },
  { command: 'set_fps', params: { max_fps: 0.5, source_id: 3 }, target_instances: ['processor-a'] },
  { command: 'reconfigure', params: { changes: { max_fps: 0.2, model_id: 'yolov11n-640' } } },
];

function row(name: CommandName): string {
  const { params, summary } = commandDescriptors[name];
  return `| \`${name}\` | ${parameters(params)} | ${summary} |`;
}

function orchestratorRow(name: OrchestratorCommandName): string {
  const { params, summary } = orchestratorCommandDescriptors[name];
  return `| \`${name}\` | ${parameters(params)} | ${summary} |`;
}

function parameters(schema: z.ZodType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  const parts = Object.entries(properties).map(([name, property]) => {
    const optional = required.includes(name) ? '' : '?';
    return `\`${name}${optional}\` ${typeText(property)}`;
  });
  return parts.length === 0 ? 'none' : parts.join(', ');
}

function typeText(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map(String).join(' \\| ');
  if (schema.type === 'array') return 'list';
  if (schema.type === 'integer') return 'whole number';
  const { minimum, maximum } = schema;
  const bounds = minimum === undefined || maximum === undefined ? '' : ` ${minimum} to ${maximum}`;
  return `${schema.type ?? 'object'}${bounds}`;
}
