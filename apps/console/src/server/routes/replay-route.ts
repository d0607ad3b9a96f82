import { incidentIdSchema, type Replay } from '@vigilia/protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Access } from '../access.ts';
import type { LiveHouse } from '../live-house.ts';
import { RequestError } from '../request-error.ts';
import { checked } from './command-routes.ts';

export interface ReplayRouteOptions {
  readonly access: Access;
  readonly live: LiveHouse;
}

const rateLimit = { max: 120, timeWindow: 60_000 };

/** `GET api/replays/:id`: the replay of an incident, which stays longer than the incident itself. */
export function replayRoute(app: FastifyInstance, { access, live }: ReplayRouteOptions): void {
  app.get('/api/replays/:id', { config: { rateLimit } }, async (request): Promise<Replay> => {
    access.require(request, 'look');
    const { id } = checked(z.object({ id: incidentIdSchema }), request.params);
    const replay = live.house.replays.get(id);
    if (replay === undefined) throw new RequestError(404, 'no_replay', 'There is no replay of this incident.');
    return replay;
  });
}
