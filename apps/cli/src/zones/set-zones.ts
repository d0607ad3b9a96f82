import { createTopics, type DesiredRooms, type Zone } from '@vigilia/protocol';
import type { Bus, Clock } from '@vigilia/service';
import { takeSnapshot } from '../client/snapshot.ts';
import { sendCommand } from '../send/send-command.ts';
import { desiredRoomsOf, holdsZones, type RoomZones, roomZones } from './room-zones.ts';

/** For so long it is waited for that the orchestrator takes a completed `set_zones` over. */
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
   * To whoever watches the room (`set_zones`); the orchestrator takes that over into the desired state, where nobody else writes.
   * `known` is what `read` answered.
   * @throws UsageError `invalid_params`: nothing is sent then.
   */
  async set(zones: readonly Zone[], known: RoomZones): Promise<ZonesOutcome> {
    const { bus, clock, prefix, room, waitMs } = this.#options;
    const { watchers: to } = known;
    if (to.length === 0) {
      return { ok: false, text: `Nobody watches room ${room} now: nothing was changed.`, zones, kept: false };
    }
    const params = { source_id: room, zones };
    const verdict = await sendCommand({ bus, clock, prefix, command: 'set_zones', params, to, waitMs });
    if (!verdict.ok) return { ...verdict, zones, kept: false };
    const kept = await this.#kept(zones);
    const how = kept
      ? 'in the desired state'
      : 'not in the desired state (is the orchestrator running?): they go when the room moves';
    return {
      ok: true,
      text: `Room ${room}: ${zones.length} zones, in force with ${to.join(', ')}, ${how}.`,
      zones,
      kept,
    };
  }

  async #kept(zones: readonly Zone[]): Promise<boolean> {
    const { clock, room } = this.#options;
    const endMs = clock.monotonic() + orchestratorMs;
    while (!holdsZones(this.#desired, room, zones) && clock.monotonic() < endMs) await clock.sleep(50);
    return holdsZones(this.#desired, room, zones);
  }
}
