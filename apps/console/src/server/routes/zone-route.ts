import { isDeepStrictEqual } from 'node:util';
import {
  describeZoneProblem,
  parseCommand,
  sourceIdSchema,
  type Zone,
  zoneProblems,
  zonesSchema,
} from '@vigilia/protocol';
import type { Clock, Logger } from '@vigilia/service';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ZonesResult } from '../../shared/command-result.ts';
import { type Access, requireRoom } from '../access.ts';
import type { CommandGateway } from '../command-gateway.ts';
import type { LiveSite } from '../live-site.ts';
import { RequestError } from '../request-error.ts';
import { checked, requireBroker, result, signature } from './command-routes.ts';

export interface ZoneRouteOptions {
  readonly access: Access;
  readonly gateway: CommandGateway;
  readonly clock: Clock;
  readonly logger: Logger;
}

const bodySchema = z.object({ zones: zonesSchema });
const waitMs = 12_000;
/** For so long it is waited for that the orchestrator takes a completed `set_zones` over into the desired state. */
const orchestratorMs = 3000;
const rateLimit = { max: 60, timeWindow: 60_000 };

/**
 * `POST api/rooms/:id/zones`: to the watcher of the room (`set_zones`); the orchestrator takes that over into the desired state,
 * and the answer states whether it did. Only the orchestrator writes there.
 */
export function zoneRoute(app: FastifyInstance, options: ZoneRouteOptions): void {
  const { access, gateway, logger } = options;
  app.post('/api/rooms/:id/zones', { config: { rateLimit, forWards: true } }, async (request): Promise<ZonesResult> => {
    const person = access.require(request, 'configure');
    const { id } = checked(z.object({ id: z.coerce.number().pipe(sourceIdSchema) }), request.params);
    const { zones } = checked(bodySchema, request.body);
    requireRoom(person, id);
    const [problem] = zoneProblems(zones);
    if (problem !== undefined) throw new RequestError(400, 'invalid_zones', describeZoneProblem(problem, zones));
    requireBroker(person.site);
    const targets = person.site.view.rooms[String(id)]?.watchers ?? [];
    if (targets.length === 0) throw new RequestError(409, 'unwatched', 'No processor monitors this room now.');
    const by = signature(person, undefined);
    logger.info({ event: 'zones_set', source_id: id, zones: zones.length, user: by }, 'zones set');
    const command = parseCommand('set_zones', { source_id: id, zones });
    const sent = await gateway.toProcessors({ command, targets, expected: targets.length, by, waitMs });
    const taken = sent.complete && sent.answers.every(({ ack_status }) => ack_status === 'completed');
    return { ...result(sent), kept: taken && (await isKept(options, person.site, id, zones)) };
  });
}

async function isKept(
  { clock }: ZoneRouteOptions,
  site: LiveSite,
  id: number,
  zones: readonly Zone[],
): Promise<boolean> {
  const kept = (): boolean => isDeepStrictEqual(site.house.desired?.rooms[String(id)]?.zones, zones);
  const endMs = clock.monotonic() + orchestratorMs;
  while (!kept() && clock.monotonic() < endMs) {
    await clock.sleep(100);
  }
  return kept();
}
