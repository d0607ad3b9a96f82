import { channels, type DesiredRooms, type Zone } from '@vigilia/protocol';
import { type ChannelBus, type Clock, within } from '@vigilia/service';
import { readBrokerState } from '../client/broker-state.ts';
import { sendCommand } from '../send/send-command.ts';
import { holdsZones, type ZonesOfRoom, zonesOfRoom } from './room-zones.ts';

/** For so long it is waited for that the orchestrator takes a completed `set_zones` over. */
const orchestratorMs = 3000;

export interface ZonesClientOptions {
  readonly bus: ChannelBus;
  readonly clock: Clock;
  readonly room: number;
  readonly waitMs: number;
}

/** How a change of zones ended. */
export interface ZonesOutcome {
  readonly ok: boolean;
  readonly text: string;
  readonly zones: readonly Zone[];
  /** Whether the desired state has them now, so that they stay with the room when another processor monitors it. */
  readonly kept: boolean;
}

/** Reads and changes the zones of one room. */
export class ZonesClient {
  readonly #options: ZonesClientOptions;
  #desired: DesiredRooms | undefined;
  #onDesired: () => void = () => {};

  constructor(options: ZonesClientOptions) {
    this.#options = options;
  }

  async read(): Promise<ZonesOfRoom> {
    const { bus, clock, room } = this.#options;
    await bus.subscribe(channels.orchestratorRooms, ({ value }) => {
      this.#desired = value;
      this.#onDesired();
    });
    return zonesOfRoom(room, await readBrokerState(bus, clock));
  }

  /**
   * Sends them to the processors that monitor the room (`set_zones`); the orchestrator takes them over into the desired state, which it alone writes.
   * `known` is what `read` answered.
   * @throws UsageError `invalid_params`: nothing is sent then.
   */
  async set(zones: readonly Zone[], known: ZonesOfRoom): Promise<ZonesOutcome> {
    const { bus, clock, room, waitMs } = this.#options;
    const { watchers: to } = known;
    if (to.length === 0) {
      return {
        ok: false,
        text: `No processor monitors room ${room} at the moment: nothing was changed.`,
        zones,
        kept: false,
      };
    }
    const params = { source_id: room, zones };
    const summary = await sendCommand({ bus, clock, command: 'set_zones', params, to, waitMs });
    if (!summary.ok) return { ...summary, zones, kept: false };
    const kept = await this.#kept(zones);
    const how = kept
      ? 'in the desired state'
      : 'not in the desired state (is the orchestrator running?): they are lost when the room moves';
    return {
      ok: true,
      text: `Room ${room}: ${zones.length} zones, in force with ${to.join(', ')}, ${how}.`,
      zones,
      kept,
    };
  }

  async #kept(zones: readonly Zone[]): Promise<boolean> {
    const { clock, room } = this.#options;
    const kept = new Promise<void>((resolve) => {
      this.#onDesired = () => {
        if (holdsZones(this.#desired, room, zones)) {
          resolve();
        }
      };
    });
    this.#onDesired();
    using limit = within(orchestratorMs, undefined, { clock });
    await limit.waitFor(kept);
    return holdsZones(this.#desired, room, zones);
  }
}
