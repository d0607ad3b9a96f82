import {
  type createTopics,
  type DesiredRooms,
  parseCommand,
  sourceIdSchema,
  type Zone,
  zonesSchema,
} from '@vigilia/protocol';
import type { Bus, Clock, Logger } from '@vigilia/service';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { CommandResult } from '../../shared/command-result.ts';
import type { Access } from '../access.ts';
import type { CommandGateway } from '../command-gateway.ts';
import type { LiveHouse } from '../live-house.ts';
import { checked, requireBroker, result, signature } from './command-routes.ts';

export interface ZoneRouteOptions {
  readonly access: Access;
  readonly gateway: CommandGateway;
  readonly live: LiveHouse;
  readonly bus: Bus;
  readonly topics: ReturnType<typeof createTopics>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const bodySchema = z.object({ zones: zonesSchema });
const waitMs = 12_000;
/** The orchestrator takes a completed `set_zones` over by itself; after this long without one it is done here. */
const orchestratorMs = 3000;

/** `POST api/rooms/:id/zones`: to whoever watches the room (`set_zones`), and into the desired state. */
export function zoneRoute(app: FastifyInstance, options: ZoneRouteOptions): void {
  const { access, gateway, live, logger } = options;
  app.post('/api/rooms/:id/zones', async (request): Promise<CommandResult> => {
    const person = access.require(request, 'configure');
    const { id } = checked(z.object({ id: z.coerce.number().pipe(sourceIdSchema) }), request.params);
    const { zones } = checked(bodySchema, request.body);
    requireBroker(live);
    const by = signature(person, undefined);
    logger.info({ event: 'zones_set', source_id: id, zones: zones.length, user: by }, 'zones set');
    const targets = [...(live.view.rooms[String(id)]?.watchers ?? [])];
    const command = parseCommand('set_zones', { source_id: id, zones });
    const sent =
      targets.length === 0
        ? { commandId: '', answers: [], complete: true }
        : await gateway.toProcessors({ command, targets, expected: targets.length, by, waitMs });
    const refused = sent.answers.some(({ ack_status }) => ack_status === 'error');
    if (!refused) await keepInDesiredState(options, id, zones);
    return result(sent);
  });
}

async function keepInDesiredState(options: ZoneRouteOptions, id: number, zones: Zone[]): Promise<void> {
  const { live, bus, topics, clock } = options;
  const limitMs = clock.monotonic() + orchestratorMs;
  while (!holds(live.house.desired, id, zones) && clock.monotonic() < limitMs) await clock.sleep(100);
  const { desired } = live.house;
  const room = desired?.rooms[String(id)];
  if (desired === undefined || room === undefined || holds(desired, id, zones)) return;
  const next: DesiredRooms = {
    rooms: { ...desired.rooms, [String(id)]: { ...room, zones } },
    updated_at: new Date(clock.now()).toISOString(),
    revision: desired.revision + 1,
  };
  await bus.publish(topics.orchestratorRooms, next, { retain: true });
}

/** Also when the room is not the orchestrator's at all: then there is nothing to keep. */
function holds(desired: DesiredRooms | undefined, id: number, zones: readonly Zone[]): boolean {
  const room = desired?.rooms[String(id)];
  return room === undefined || JSON.stringify(room.zones) === JSON.stringify(zones);
}
