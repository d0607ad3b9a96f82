import { pushEndpointSchema, pushKeysSchema, pushRoomsSchema } from '@vigilia/protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { PushDevice, PushView } from '../../shared/push-view.ts';
import type { Access } from '../access.ts';
import type { PushSubscriptions } from '../push-subscriptions.ts';
import { checked, requireBroker } from './command-routes.ts';

export interface PushRoutesOptions {
  readonly access: Access;
  readonly push: PushSubscriptions;
}

const rateLimit = { max: 60, timeWindow: 60_000 };

/** Browsers differ in whether they pad base64url. */
const unpadded = z
  .string()
  .max(128)
  .transform((text) => text.replace(/=+$/, ''));
const deviceSchema = z.object({
  endpoint: pushEndpointSchema,
  keys: z.object({ p256dh: unpadded, auth: unpadded }).pipe(pushKeysSchema),
  rooms: pushRoomsSchema.optional(),
});
const endpointSchema = z.object({ endpoint: pushEndpointSchema });

/** `GET api/push`, `POST api/push/devices` (registers or changes a device), `POST api/push/remove`. */
export function pushRoutes(app: FastifyInstance, { access, push }: PushRoutesOptions): void {
  app.get('/api/push', { config: { rateLimit, forWards: true } }, async (request): Promise<PushView> => {
    const { userName } = access.require(request, 'look');
    const { publicKey } = push;
    const devices = push.of(userName).map(({ subscription_id: id, rooms }) => deviceView(id, rooms));
    return publicKey === undefined ? { devices } : { publicKey, devices };
  });

  app.post('/api/push/devices', { config: { rateLimit, forWards: true } }, async (request): Promise<PushDevice> => {
    const { userName: user, site } = access.require(request, 'look');
    const { endpoint, keys, rooms } = checked(deviceSchema, request.body);
    requireBroker(site);
    return deviceView(await push.register({ user, wards: site.wards, endpoint, keys, rooms }), rooms);
  });

  app.post(
    '/api/push/remove',
    { config: { rateLimit, forWards: true } },
    async (request): Promise<Record<string, never>> => {
      const { site } = access.require(request, 'look');
      const { endpoint } = checked(endpointSchema, request.body);
      requireBroker(site);
      await push.remove(endpoint);
      return {};
    },
  );
}

function deviceView(id: string, rooms: readonly number[] | undefined): PushDevice {
  return rooms === undefined ? { id } : { id, rooms };
}
