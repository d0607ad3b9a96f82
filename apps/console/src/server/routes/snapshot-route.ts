import { gatherRoomEvidence } from '@vigilia/house';
import { sourceIdSchema } from '@vigilia/protocol';
import type { Logger } from '@vigilia/service';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SnapshotView } from '../../shared/snapshot-view.ts';
import { type Access, requireRoom } from '../access.ts';
import type { LiveSite } from '../live-site.ts';
import { RequestError } from '../request-error.ts';
import type { SnapshotRequests } from '../snapshot-requests.ts';
import { checked, requireBroker, signature } from './command-routes.ts';

export interface SnapshotRouteOptions {
  readonly access: Access;
  readonly snapshotRequests: SnapshotRequests;
  readonly logger: Logger;
}

const paramsSchema = z.object({ id: z.coerce.number().pipe(sourceIdSchema) });
const bodySchema = z.object({ reveal: z.boolean().default(false), by: z.string().max(64).optional() });
const rateLimit = { max: 30, timeWindow: 60_000 };

/**
 * `POST api/rooms/:id/picture`: one snapshot, coarse unless `reveal`. Every signed-in user may have the coarse one; a clear one
 * is for carers, and who had it is in the log.
 */
export function snapshotRoute(app: FastifyInstance, { access, snapshotRequests, logger }: SnapshotRouteOptions): void {
  app.post(
    '/api/rooms/:id/picture',
    { config: { rateLimit, forWards: true } },
    async (request): Promise<SnapshotView> => {
      const { reveal, by: claimed } = checked(bodySchema, request.body);
      const person = access.require(request, reveal ? 'care' : 'picture');
      const { id } = checked(paramsSchema, request.params);
      requireRoom(person, id);
      const { site } = person;
      requireBroker(site);
      if (!site.view.head.snapshots)
        throw new RequestError(403, 'snapshots_off', 'The policy does not allow snapshots.');
      const watcher = whoShows(site, id);
      if (watcher === undefined) throw new RequestError(409, 'unwatched', 'No processor monitors this room.');
      const by = signature(person, claimed);
      const event = reveal ? 'picture_revealed' : 'picture_shown';
      // before it is sent: a snapshot that was seen is in the log also when this process ends now
      logger.info({ event, source_id: id, user: by, account: person.userName }, 'a snapshot was requested');
      const { jpeg, blurred, timestamp } = await snapshotRequests.ask({ sourceId: id, watcher, reveal, by });
      return { jpeg, blurred, at: timestamp };
    },
  );
}

/** The sender of the room's last detections, as long as its status lists the room; otherwise a processor whose status does. */
function whoShows(site: LiveSite, id: number): string | undefined {
  const { facts, watchers } = gatherRoomEvidence(site.house, id, site.nowMs());
  const names = watchers.map(({ status }) => status.instance_id);
  const last = facts.detections?.instance_id;
  return last !== undefined && names.includes(last) ? last : names[0];
}
