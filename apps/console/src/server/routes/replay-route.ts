import { incidentIdSchema, type Replay } from '@vigilia/protocol';
import type { Logger } from '@vigilia/service';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Access } from '../access.ts';
import { RequestError } from '../request-error.ts';
import { checked, signature } from './command-routes.ts';

export interface ReplayRouteOptions {
  readonly access: Access;
  readonly logger: Logger;
}

const rateLimit = { max: 120, timeWindow: 60_000 };

/**
 * `GET api/replays/:id`: the replay of an incident, which stays longer than the incident itself. As a coarse snapshot, every
 * signed-in person may see it, a wall screen may not, and who had it is in the log.
 */
export function replayRoute(app: FastifyInstance, { access, logger }: ReplayRouteOptions): void {
  app.get('/api/replays/:id', { config: { rateLimit, forWards: true } }, async (request): Promise<Replay> => {
    const person = access.require(request, 'picture');
    const { id } = checked(z.object({ id: incidentIdSchema }), request.params);
    const replay = person.site.house.replays.get(id);
    if (replay === undefined) throw new RequestError(404, 'no_replay', 'There is no replay of this incident.');
    const fields = { incident_id: id, source_id: replay.source_id };
    const by = { user: signature(person, undefined), account: person.userName };
    logger.info({ event: 'replay_shown', ...fields, ...by }, 'a replay was requested');
    return replay;
  });
}
