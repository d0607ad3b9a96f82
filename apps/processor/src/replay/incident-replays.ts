import { addSight, buildReplay, keptSightsMs, type RoomSight, replayEndsAtMs, type SightHistory } from '@vigilia/house';
import { channels, filterOf, type Incident, type Replay, type Zone } from '@vigilia/protocol';
import type { ChannelBus, Clock, Timer } from '@vigilia/service';

export interface IncidentReplaysOptions {
  readonly bus: ChannelBus;
  readonly clock: Clock;
}

/** A frame that was analysed, in a room with these zones. */
export interface ReplaySight extends RoomSight {
  readonly sourceId: number;
  readonly zones: readonly Zone[] | undefined;
}

const timerSlackMs = 50;

interface KnownRoom {
  readonly history: SightHistory;
  readonly zones: readonly Zone[];
}

/**
 * Publishes the replay of each incident whose policy allows one (`replay_until`), from what was observed in the room: at once, so
 * that an alert can show it, and again when the time after the fall is over. Processors that share a room add to the same replay:
 * each publishes again while it observed moments that the retained one lacks. So it reads the replays of incidents in rooms that it
 * observed: a processor that starts again, or takes the room later, continues the replay. Replays of other rooms are not read.
 */
export class IncidentReplays {
  readonly #options: IncidentReplaysOptions;
  readonly #originMs: number;
  /** Also of rooms that another processor has monitored for some minutes. */
  readonly #rooms = new Map<number, KnownRoom>();
  /** Those whose policy allows a replay. */
  readonly #incidents = new Map<string, Incident>();
  /** As they were last received or published, by incident. */
  readonly #replays = new Map<string, Replay>();
  /** The fall of each replay that was deleted: it is not published again. */
  readonly #deleted = new Map<string, string>();
  readonly #ends = new Map<string, Timer>();
  /** Subscriptions to replays, by incident. */
  readonly #subscribed = new Map<string, Promise<void>>();

  constructor(options: IncidentReplaysOptions) {
    const { clock } = options;
    this.#options = options;
    this.#originMs = clock.now() - clock.monotonic();
  }

  async start(): Promise<void> {
    const { bus } = this.#options;
    await bus.subscribe(channels.incident, ({ places, value }) => this.#takeIncident(places.incident_id, value));
  }

  stop(): void {
    for (const timer of this.#ends.values()) {
      timer.cancel();
    }
    this.#ends.clear();
    this.#incidents.clear();
  }

  /** Keeps what one analysed frame showed; times may be earlier than those of the frame before. */
  observe(observation: ReplaySight): void {
    const { sourceId, zones = [] } = observation;
    const history = addSight(this.#rooms.get(sourceId)?.history, observation);
    const isNew = !this.#rooms.has(sourceId);
    this.#rooms.set(sourceId, { history, zones });
    this.#dropOldRooms();
    if (!isNew) return;
    for (const { incident_id: id, source_id } of this.#incidents.values()) {
      if (source_id === sourceId) {
        void this.#follow(id);
      }
    }
  }

  /**
   * Subscribes to the replay of an incident, once. Resolves when the broker granted it: what is published from then on replaces no
   * retained replay that was not sent to this processor. That one may arrive later all the same; `#takeReplay` then adds its moments. The
   * bus requests a subscription that was refused again.
   */
  #follow(incidentId: string): Promise<void> {
    const known = this.#subscribed.get(incidentId);
    if (known !== undefined) return known;
    const take = ({ value }: { readonly value: Replay | undefined }): void => this.#takeReplay(incidentId, value);
    const places = { incident_id: incidentId };
    const subscribed = this.#options.bus.subscribe(channels.replay, take, { places }).catch(() => {});
    this.#subscribed.set(incidentId, subscribed);
    return subscribed;
  }

  #unfollow(incidentId: string): void {
    const { bus } = this.#options;
    if (!this.#subscribed.delete(incidentId)) return;
    this.#replays.delete(incidentId);
    void bus.bus.unsubscribe(filterOf(channels.replay, bus.roots, { incident_id: incidentId })).catch(() => {});
  }

  #takeReplay(incidentId: string, replay: Replay | undefined): void {
    if (replay === undefined) {
      const deleted = this.#replays.get(incidentId);
      if (deleted !== undefined) {
        this.#deleted.set(incidentId, deleted.fall_at);
      }
      this.#replays.delete(incidentId);
      return;
    }
    this.#replays.set(incidentId, replay);
    void this.#publish(incidentId);
  }

  #takeIncident(incidentId: string, incident: Incident | undefined): void {
    this.#ends.get(incidentId)?.cancel();
    this.#ends.delete(incidentId);
    if (incident?.replay_until === undefined) {
      this.#incidents.delete(incidentId);
      this.#deleted.delete(incidentId);
      this.#unfollow(incidentId);
      return;
    }
    this.#incidents.set(incidentId, incident);
    void this.#publish(incidentId);
    const remainingMs = replayEndsAtMs(incident) - this.#nowMs();
    if (remainingMs <= 0) return;
    // a timer may fire a little early
    const end = this.#options.clock.setTimeout(() => void this.#publish(incidentId), remainingMs + timerSlackMs);
    this.#ends.set(incidentId, end);
  }

  /** Publishes the replay of an incident where this processor observed what the retained one lacks. */
  async #publish(incidentId: string): Promise<void> {
    const sourceId = this.#incidents.get(incidentId)?.source_id;
    if (sourceId === undefined || !this.#rooms.has(sourceId)) return;
    await this.#follow(incidentId);
    this.#dropOldRooms();
    const incident = this.#incidents.get(incidentId);
    const room = incident === undefined ? undefined : this.#rooms.get(incident.source_id);
    if (incident === undefined || room === undefined) return;
    const nowMs = this.#nowMs();
    const expirySeconds = Math.floor((Date.parse(incident.replay_until ?? '') - nowMs) / 1000);
    if (!(expirySeconds > 0)) return;
    const known = this.#replays.get(incidentId);
    const replay = buildReplay({ incident, history: room.history, zones: room.zones, known, nowMs });
    if (replay === undefined || replay.fall_at === this.#deleted.get(incidentId)) return;
    this.#replays.set(incidentId, replay);
    const { bus } = this.#options;
    void bus.publish(channels.replay, { incident_id: incidentId }, replay, { expirySeconds });
  }

  #dropOldRooms(): void {
    const nowMs = this.#nowMs();
    for (const [sourceId, { history }] of this.#rooms) {
      if (nowMs - (history.moments.at(-1)?.atMs ?? 0) > keptSightsMs) {
        this.#rooms.delete(sourceId);
      }
    }
  }

  #nowMs(): number {
    return this.#originMs + this.#options.clock.monotonic();
  }
}
