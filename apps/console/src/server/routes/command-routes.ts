import { parseCommand, parseOrchestratorCommand, withoutUndefined } from '@vigilia/protocol';
import { type Logger, redactDeep, redactUrl } from '@vigilia/service';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { CommandAnswer } from '../../shared/command-result.ts';
import type { Permission } from '../../shared/roles.ts';
import { type Access, type Account, requireIncident, requireRoom, requireWholeSite } from '../access.ts';
import { commandForms, isFree } from '../command-forms.ts';
import type { CommandGateway, SentCommand } from '../command-gateway.ts';
import type { LiveSite } from '../live-site.ts';
import type { PublishedResults } from '../published-results.ts';
import { RequestError } from '../request-error.ts';

export interface CommandRoutesOptions {
  readonly access: Access;
  readonly gateway: CommandGateway;
  readonly published: PublishedResults;
  readonly logger: Logger;
}

/** How long a person waits for answers; a slow change is seen later in the list of commands. */
const waitMs = 12_000;
const rateLimit = { max: 120, timeWindow: 60_000 };
/** As much as the orchestrator accepts: an imported policy of a large site. */
const policyBytes = 900 * 1024;

const commandBody = z.object({
  command: z.string().max(64),
  params: z.record(z.string(), z.unknown()).optional(),
  target_instances: z.array(z.string().max(64)).min(1).max(100).default(['*']),
});
const orchestratorBody = z.object({ params: z.record(z.string(), z.unknown()).optional() });

/** What nurses and operators may ask of the orchestrator; everything else needs a technician. */
const careCommands: readonly string[] = ['acknowledge', 'resolve', 'undo_verdict', 'learn_thing', 'forget_thing'];
const operateCommands: readonly string[] = ['release', 'drill'];
/** They decide which ward a room belongs to: an account that is limited to wards may not send them. */
const roomCommands: readonly string[] = ['add_room', 'set_room', 'move_room', 'remove_room'];
/** What is recorded with the name of the person. */
const signedCommands: readonly string[] = [
  ...careCommands,
  ...operateCommands,
  ...roomCommands,
  'set_policy',
  'change_policy',
];

/** `POST api/orchestrator/:command`, `POST api/commands`, `GET api/commands` (the forms). */
export function commandRoutes(app: FastifyInstance, options: CommandRoutesOptions): void {
  const { access, gateway, published, logger } = options;

  app.get('/api/commands', { config: { forWards: true } }, async (request) => {
    access.require(request, 'configure');
    return commandForms();
  });

  app.post(
    '/api/orchestrator/:command',
    { config: { rateLimit, forWards: true }, bodyLimit: policyBytes },
    async (request): Promise<CommandAnswer> => {
      const { command: name } = request.params as { command: string };
      const person = access.require(request, permissionFor(name));
      const { params = {} } = checked(orchestratorBody, request.body);
      const by = signature(person, params.by);
      // the name of the account is recorded, whatever the page sends
      const signed = { ...params, by, via: params.via === 'push' ? 'push' : 'page' };
      const command = parseOrchestratorCommand(name, signedCommands.includes(name) ? signed : params);
      if (roomCommands.includes(name)) {
        requireWholeSite(person);
      }
      requireNamedRooms(person, command.params);
      requireBroker(person.site);
      logger.info(
        { event: 'command_sent', to: 'orchestrator', user: by, command: name, params: command.params },
        'command sent',
      );
      return result(await gateway.toOrchestrator({ command, by, waitMs }));
    },
  );

  app.post('/api/commands', { config: { rateLimit, forWards: true } }, async (request): Promise<CommandAnswer> => {
    const person = access.require(request, 'configure');
    const { command: name, params, target_instances: wanted } = checked(commandBody, request.body);
    const command = parseCommand(name, params);
    // a person who looks at a snapshot is logged with their own name, and that happens only there
    if (!isFree(name)) throw new RequestError(400, 'not_here', 'A picture is asked for on the page of its room.');
    requireNamedRooms(person, command.params);
    requireBroker(person.site);
    const targets = receiversOf(person, wanted);
    const by = signature(person, undefined);
    logger.info(
      { event: 'command_sent', to: targets, user: by, command: name, params: command.params },
      'command sent',
    );
    const expected = targets.includes('*') ? listeners(person.site) : targets.length;
    const sent = await gateway.toProcessors({ command, targets, expected, by, waitMs });
    return published.addTo(result(sent), command.command, person.site);
  });
}

/**
 * A limited account sends to processors of its rooms only: others would answer for rooms that it may not know.
 * @throws RequestError `other_ward` (403)
 */
function receiversOf(person: Account, wanted: readonly string[]): readonly string[] {
  const { site } = person;
  if (site.wards === undefined) return wanted;
  const own = [...site.house.processors.values()].filter(({ status }) => status !== 'offline');
  const ids = own.map(({ instance_id }) => instance_id);
  const receivers = wanted.includes('*') ? ids : wanted;
  if (receivers.length === 0 || receivers.some((id) => !ids.includes(id))) {
    requireWholeSite(person);
  }
  return receivers;
}

function permissionFor(orchestratorCommand: string): Permission {
  if (careCommands.includes(orchestratorCommand)) return 'care';
  return operateCommands.includes(orchestratorCommand) ? 'operate' : 'configure';
}

/**
 * @throws RequestError `other_ward` (403): a command must name rooms of the account; one that names none concerns the whole site,
 *   and an address may be that of any camera
 */
function requireNamedRooms(person: Account, params: object): void {
  const { source_id, incident_id, uri }: Readonly<Record<string, unknown>> = { ...params };
  if ((source_id === undefined && incident_id === undefined) || uri !== undefined) {
    requireWholeSite(person);
  }
  if (source_id !== undefined) {
    requireRoom(person, Number(source_id));
  }
  if (incident_id !== undefined) {
    requireIncident(person, String(incident_id));
  }
}

/** @throws RequestError `broker_away`: better no answer than one that is believed. */
export function requireBroker({ house }: LiveSite): void {
  if (house.connected) return;
  throw new RequestError(503, 'broker_away', 'The console has no connection to the broker: nothing was sent.');
}

/** The name that a change is signed with. */
export function signature(person: Account, claimed: unknown): string {
  if (person.displayName !== undefined) return person.displayName;
  const name = typeof claimed === 'string' ? claimed.trim().slice(0, 64) : '';
  return name === '' ? 'console' : name;
}

export function result({ commandId, complete, answers }: SentCommand): CommandAnswer {
  return {
    commandId,
    complete,
    answers: answers.map(({ instance_id, ack_status, error, message, result: answered }) =>
      withoutUndefined({
        from: instance_id,
        ok: ack_status === 'completed',
        code: error?.code,
        field: error?.field,
        message: message === undefined ? undefined : redactUrl(message),
        result: answered === undefined ? undefined : (redactDeep(answered) as typeof answered),
      }),
    ),
  };
}

export function checked<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RequestError(400, 'invalid_request', `${issue?.path.join('.') ?? 'The request'}: ${issue?.message}.`);
}

/** Processors that a broadcast is for: there, obeying, and not dedicated to one incident. */
function listeners(site: LiveSite): number {
  const all = [...site.house.processors.values()];
  return Math.max(
    1,
    all.filter((one) => one.status !== 'offline' && one.role === 'home' && one.config?.control).length,
  );
}
