import { createTopics, type DesiredRooms, type Zone } from '@vigilia/protocol';
import type { Bus, Clock } from '@vigilia/service';
import { takeSnapshot } from '../client/snapshot.ts';
import { sendCommand } from '../send/send-command.ts';
import { desiredRoomsOf, holdsZones, type RoomZones, roomZones, withZones } from './room-zones.ts';

/** The orchestrator takes a completed `set_zones` over by itself; after this long without one it is done here. */
const orchestratorMs = 3000;

export interface ZonesClientOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly prefix: string;
  readonly room: number;
  readonly waitMs: number;
}

/** How a change of zones ended. */
export interface ZonesOutcome {
  readonly ok: boolean;
  readonly text: string;
  readonly zones: readonly Zone[];
  /** Whether the desired state has them now, so that they outlast whoever watches the room. */
  readonly kept: boolean;
}

/** Reads and changes the zones of one room. */
export class ZonesClient {
  readonly #options: ZonesClientOptions;
  #desired: DesiredRooms | undefined;

  constructor(options: ZonesClientOptions) {
    this.#options = options;
  }

  async read(): Promise<RoomZones> {
    const { bus, clock, prefix, room } = this.#options;
    await bus.subscribe(createTopics(prefix).orchestratorRooms, (message) => {
      if (message.payload.length > 0) this.#desired = desiredRoomsOf(message.json());
    });
    const { processors, rooms } = await takeSnapshot(bus, clock, prefix);
    return roomZones(room, { processors, rooms, desired: this.#desired });
  }

  /**
   * To whoever watches the room (`set_zones`), and into the desired state. `known` is what `read` answered.
   * @throws UsageError `invalid_params`: nothing is sent then.
   */
  async set(zones: readonly Zone[], known: RoomZones): Promise<ZonesOutcome> {
    const { bus, clock, prefix, room, waitMs } = this.#options;
    const listed = this.#desired?.rooms[String(room)] !== undefined;
    if (known.watchers.length === 0 && !listed) {
      const text = `Nobody watches room ${room}, and the desired state does not have it: nothing was changed.`;
      return { ok: false, text, zones, kept: false };
    }
    if (known.watchers.length > 0) {
      const params = { source_id: room, zones };
      const to = known.watchers;
      const verdict = await sendCommand({ bus, clock, prefix, command: 'set_zones', params, to, waitMs });
      if (!verdict.ok) return { ...verdict, zones, kept: false };
    }
    const kept = listed && (await this.#keep(zones));
    const where = known.watchers.length > 0 ? `in force with ${known.watchers.join(', ')}` : 'nobody watches it now';
    const how = kept ? 'in the desired state' : 'not in the desired state: they go when the room moves';
    return { ok: true, text: `Room ${room}: ${zones.length} zones, ${where}, ${how}.`, zones, kept };
  }

  async #keep(zones: readonly Zone[]): Promise<boolean> {
    const { bus, clock, prefix, room } = this.#options;
    const until = async (): Promise<boolean> => {
      const endMs = clock.monotonic() + orchestratorMs;
      while (!holdsZones(this.#desired, room, zones) && clock.monotonic() < endMs) await clock.sleep(50);
      return holdsZones(this.#desired, room, zones);
    };
    if (await until()) return true;
    if (this.#desired === undefined) return false;
    const next = withZones(this.#desired, room, zones, new Date(clock.now()).toISOString());
    // a broker that lets only the orchestrator write there refuses with MQTT 5 and is silent before: what comes back counts
    await bus.publish(createTopics(prefix).orchestratorRooms, next, { retain: true }).catch(() => undefined);
    return until();
  }
}
