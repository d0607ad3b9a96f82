import {
  instanceIdSchema,
  maxFpsSchema,
  modelIdSchema,
  nameSchema,
  sourceIdSchema,
  uriSchema,
  withoutUndefined,
} from '@vigilia/protocol';
import { type Go2rtc, Go2rtcError, type Logger, type RoomEditor, type RoomOutcome } from '@vigilia/service';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { RoomChangeView, RoomsSettingsView } from '../../shared/room-settings.ts';
import type { Access } from '../access.ts';
import type { LiveSite } from '../live-site.ts';
import { checked, requireBroker, signature } from './command-routes.ts';

export interface RoomRoutesOptions {
  readonly access: Access;
  readonly rooms: RoomEditor;
  /** Where cameras are kept. */
  readonly go2rtc: Go2rtc | undefined;
  readonly logger: Logger;
}

const rateLimit = { max: 60, timeWindow: 60_000 };
const config = { config: { rateLimit } };
const label = nameSchema.min(1);
const idParams = z.object({ id: z.coerce.number().pipe(sourceIdSchema) });
const camera = { address: uriSchema.optional(), stream: nameSchema.min(1).optional() };
const addBody = z.object({
  source_id: sourceIdSchema,
  name: label.optional(),
  ward: label.optional(),
  home: instanceIdSchema.optional(),
  model_id: modelIdSchema.optional(),
  max_fps: maxFpsSchema.optional(),
  ...camera,
});
const setBody = z.object({
  name: label.nullable().optional(),
  ward: label.nullable().optional(),
  model_id: modelIdSchema.nullable().optional(),
  max_fps: maxFpsSchema.nullable().optional(),
  ...camera,
});
const moveBody = z.object({ home: instanceIdSchema });
const removeBody = z.object({ confirmed: z.boolean().optional() });

/** `GET api/room-settings`, and `POST api/room-settings` (add), `…/:id` (change), `…/:id/move`, `…/:id/remove`: for technicians. */
export function roomRoutes(app: FastifyInstance, options: RoomRoutesOptions): void {
  const { access, rooms } = options;

  app.get('/api/room-settings', async (request) => {
    const { site } = access.require(request, 'configure');
    return { ...roomsSettings(site), ...(await camerasOf(options.go2rtc)) };
  });

  app.post('/api/room-settings', config, async (request) => {
    const who = signer(options, request);
    const room = checked(addBody, request.body);
    return change(options, { what: 'room_added', sourceId: room.source_id, who }, () =>
      rooms.add({ ...room, by: who, via: 'page' }),
    );
  });

  app.post('/api/room-settings/:id', config, async (request) => {
    const who = signer(options, request);
    const { id } = checked(idParams, request.params);
    const room = checked(setBody, request.body);
    return change(options, { what: 'room_changed', sourceId: id, who }, () =>
      rooms.set({ ...room, source_id: id, by: who, via: 'page' }),
    );
  });

  app.post('/api/room-settings/:id/move', config, async (request) => {
    const who = signer(options, request);
    const { id } = checked(idParams, request.params);
    const { home } = checked(moveBody, request.body);
    return change(options, { what: 'room_moved', sourceId: id, who }, () =>
      rooms.move({ source_id: id, home, by: who, via: 'page' }),
    );
  });

  app.post('/api/room-settings/:id/remove', config, async (request) => {
    const who = signer(options, request);
    const { id } = checked(idParams, request.params);
    const { confirmed } = checked(removeBody, request.body);
    return change(options, { what: 'room_removed', sourceId: id, who }, () =>
      rooms.remove({ source_id: id, confirmed, by: who, via: 'page' }),
    );
  });
}

/** @throws RequestError as `Access.require`; `broker_away` */
function signer({ access }: RoomRoutesOptions, request: FastifyRequest): string {
  const person = access.require(request, 'configure');
  requireBroker(person.site);
  return signature(person, undefined);
}

async function change(
  { logger }: RoomRoutesOptions,
  { what, sourceId, who }: { readonly what: string; readonly sourceId: number; readonly who: string },
  act: () => Promise<RoomOutcome>,
): Promise<RoomChangeView> {
  const outcome = await act();
  logger.info({ event: what, source_id: sourceId, user: who, ok: outcome.ok, code: outcome.code }, 'room changed');
  return changeView(outcome);
}

function changeView({ ok, code, field, message, notes, result = {} }: RoomOutcome): RoomChangeView {
  const text = (name: string): string | undefined => {
    const value = result[name];
    return typeof value === 'string' ? value : undefined;
  };
  const count = (name: string): number | undefined => {
    const value = result[name];
    return typeof value === 'number' ? value : undefined;
  };
  return withoutUndefined<RoomChangeView>({
    ok,
    code,
    field,
    message,
    home: text('home'),
    from: text('from'),
    reason: text('reason'),
    rooms: count('rooms'),
    allRooms: count('all_rooms'),
    notes,
  });
}

/** Without an answer of go2rtc the form works with addresses. */
async function camerasOf(go2rtc: Go2rtc | undefined): Promise<Pick<RoomsSettingsView, 'keepsCameras' | 'streams'>> {
  if (go2rtc === undefined) return { keepsCameras: false, streams: [] };
  try {
    return { keepsCameras: true, streams: await go2rtc.names() };
  } catch (error) {
    if (!(error instanceof Go2rtcError)) throw error;
    return { keepsCameras: true, streams: [] };
  }
}

function roomsSettings(site: LiveSite): Pick<RoomsSettingsView, 'rooms' | 'homes' | 'models'> {
  const { desired, processors } = site.house;
  const rooms = Object.entries(desired?.rooms ?? {}).map(([id, room]) =>
    withoutUndefined<RoomsSettingsView['rooms'][number]>({
      id: Number(id),
      name: room.name,
      ward: room.ward,
      home: room.home,
      modelId: room.model_id,
      maxFps: room.max_fps,
      address: room.address?.uri,
    }),
  );
  const online = [...processors.values()].filter(({ role, status }) => role === 'home' && status !== 'offline');
  const onlineIds = new Set(online.map(({ instance_id }) => instance_id));
  const homes = [...new Set([...onlineIds, ...rooms.map(({ home }) => home)])].sort().map((id) => ({
    id,
    rooms: rooms.filter(({ home }) => home === id).length,
    online: onlineIds.has(id),
  }));
  const models = [...new Set(online.flatMap(({ available_models = [] }) => available_models))].sort();
  return { rooms: rooms.sort((a, b) => a.id - b.id), homes, models };
}
