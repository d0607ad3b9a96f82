import { randomUUID } from 'node:crypto';
import { channels, type Incident, incidentIdSchema, type VigiliaEvent, withoutUndefined } from '@vigilia/protocol';
import { type ChannelBus, type Clock, type Logger, within } from '@vigilia/service';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ClipView } from '../../shared/clip-view.ts';
import type { Access, Account } from '../access.ts';
import type { ClipRequests } from '../clip-requests.ts';
import { RequestError } from '../request-error.ts';
import { checked, requireBroker, signature } from './command-routes.ts';

export interface ClipRouteOptions {
  readonly access: Access;
  readonly clipRequests: ClipRequests;
  readonly bus: ChannelBus;
  readonly clock: Clock;
  readonly logger: Logger;
}

const bodySchema = z.object({ reason: z.string().trim().min(5, 'must have at least 5 characters').max(500) });
const rateLimit = { max: 20, timeWindow: 60_000 };
const recordMs = 5000;

/**
 * `POST api/incidents/:id/clip`: the clip of an incident, for an account with the right to clips that gives a reason. The view is
 * recorded as an event, which the broker has before the first frame leaves the console; where it cannot be recorded, there is no clip.
 */
export function clipRoute(app: FastifyInstance, options: ClipRouteOptions): void {
  const { access, clipRequests } = options;
  app.post('/api/incidents/:id/clip', { config: { rateLimit, forWards: true } }, async (request): Promise<ClipView> => {
    const person = access.requireClips(request);
    const { id } = checked(z.object({ id: incidentIdSchema }), request.params);
    const { reason } = checked(bodySchema, request.body);
    const { site } = person;
    requireBroker(site);
    const incident = site.house.incidents.get(id);
    if (incident?.clip === undefined || Date.parse(incident.clip.until) <= site.nowMs()) {
      throw new RequestError(404, 'no_clip', 'The policy allows no clip of this incident, or its time is over.');
    }
    const requestId = randomUUID();
    const clip = await clipRequests.ask({ requestId, incidentId: id, mode: incident.clip.mode });
    await recordView(options, { person, incident, reason, requestId, mode: clip.mode });
    return clip;
  });
}

interface View {
  readonly person: Account;
  readonly incident: Incident;
  readonly reason: string;
  readonly requestId: string;
  readonly mode: ClipView['mode'];
}

/** @throws RequestError `not_recorded` (503) */
async function recordView({ bus, clock, logger }: ClipRouteOptions, view: View): Promise<void> {
  const { person, incident, reason, requestId, mode } = view;
  const { incident_id, source_id, room_name, trace_id } = incident;
  const by = signature(person, undefined);
  const event: VigiliaEvent = withoutUndefined({
    event_id: requestId,
    event: 'clip_viewed',
    source_id,
    instance_id: 'console',
    timestamp: new Date(clock.now()).toISOString(),
    severity: 'info',
    trace_id,
    room_name,
    incident_id,
    reason,
    by,
    account: person.userName,
    mode,
  });
  using limit = within(recordMs, undefined, { clock });
  try {
    await limit.race(bus.publish(channels.event, { type: event.event }, event));
  } catch (err) {
    logger.error({ event: 'clip_not_shown', incident_id, err }, 'the view of a clip could not be recorded');
    throw new RequestError(503, 'not_recorded', 'The view could not be recorded, so the clip is not shown. Try again.');
  }
  logger.info({ event: 'clip_shown', incident_id, source_id, user: by, account: person.userName }, 'a clip was shown');
}
