import { channels, type KnownChannel, type OrchestratorStatus } from '@vigilia/protocol';
import {
  type Bus,
  type ChannelBus,
  type Clock,
  type Logger,
  type ServiceScope,
  type Timer,
  within,
} from '@vigilia/service';
import type { Performer } from './act/performer.ts';
import { unlessPermanent } from './act/unless-permanent.ts';
import type { Inbox } from './observe/inbox.ts';
import type { Observer } from './observe/observer.ts';
import type { RuntimePoller } from './observe/runtime-poller.ts';
import type { Store } from './observe/store.ts';
import { desiredRoomsOf } from './plan/desired-rooms-of.ts';
import type { PlanLoop } from './plan-loop.ts';
import type { PresenceBeat } from './presence-beat.ts';
import type { Runtime } from './runtime/runtime.ts';

export interface OrchestratorOptions {
  readonly scope: Pick<ServiceScope, 'onStop' | 'signal'>;
  readonly bus: ChannelBus;
  readonly inboxBus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: Store;
  readonly observer: Observer;
  readonly inbox: Inbox;
  readonly poller: RuntimePoller;
  readonly runtime: Runtime;
  readonly planLoop: PlanLoop;
  readonly performer: Performer;
  readonly presence: PresenceBeat;
  /** The status for this moment. */
  readonly status: () => OrchestratorStatus;
  readonly offline: () => OrchestratorStatus;
  /** Looks for another orchestrator under our name. */
  readonly watchOwnStatus: () => Promise<void>;
}

const statusEveryMs = 10_000;
/** How long a stop waits for work that an unreachable broker keeps from finishing. */
const stopPatienceMs = 1000;

/** The parts of the orchestrator in the order in which they live. Dedicated processors outlive it. */
export class Orchestrator {
  readonly #o: OrchestratorOptions;
  #timer: Timer | undefined;

  constructor(options: OrchestratorOptions) {
    this.#o = options;
  }

  async start(): Promise<void> {
    const { scope, bus, inboxBus, observer, inbox, planLoop, presence, logger } = this.#o;
    const { signal } = scope;
    signal.throwIfAborted();
    this.#addStops();
    // an engine that hangs must not keep falls from being heard: what it lists is waited for by the plan loop only
    void this.#startRuntime();
    await this.#o.watchOwnStatus();
    await observer.subscribe();
    await inbox.subscribe();
    bus.bus.onConnect(() => this.#connected());
    observer.onWhole(() => void this.#whole().catch(() => {}));
    bus.bus.onDisconnect(() => {
      presence.end();
      logger.warn({ event: 'view_lost' }, 'no connection: nothing is planned until everything is read again');
    });
    // falls first: who reads "acting" in the status may count on being heard
    await inboxBus.start(signal);
    await bus.bus.start(signal);
    planLoop.start();
    this.#beat();
  }

  /** Dedicated processors of open incidents outlive the orchestrator. */
  #addStops(): void {
    const { scope, inbox, poller, planLoop, performer, presence } = this.#o;
    // not waited for: with a broker that hangs this would never end, and the bus sends what it has before it stops
    scope.onStop('offline status', () => void this.#publishStatus(this.#o.offline()).catch(() => {}));
    scope.onStop('actions under way', () => this.#waitFor(performer.idle()));
    scope.onStop('inbox', () => inbox.close());
    scope.onStop('plan loop', () => this.#waitFor(planLoop.stop()));
    scope.onStop('runtime poller', () => poller.stop());
    scope.onStop('status timer', () => this.#timer?.cancel());
    scope.onStop('presence', () => presence.end());
  }

  async #waitFor(work: Promise<void>): Promise<void> {
    using limit = within(stopPatienceMs, undefined, { clock: this.#o.clock });
    await limit.waitFor(work);
  }

  async #startRuntime(): Promise<void> {
    const { runtime, poller, logger } = this.#o;
    await runtime.start().catch((err: unknown) => {
      logger.warn({ event: 'runtime_unreachable', runtime: runtime.name, err }, 'the runtime does not answer yet');
    });
    await poller.start();
  }

  /** The content of the status has changed: it is published at once, not with the next beat. */
  publishStatus(): void {
    void this.#publishStatus().catch(() => {});
  }

  /** Others come to this broker when it is free of what an earlier stay left there. */
  async #whole(): Promise<void> {
    const { bus, observer, presence, logger } = this.#o;
    this.publishStatus();
    const older = observer.takeOlderCopies();
    for (const { channel, places } of older) {
      await unlessPermanent(bus.clear<KnownChannel>(channels[channel], places));
    }
    if (older.length > 0) {
      logger.warn(
        { event: 'older_copies_cleared', count: older.length },
        'removed what the broker kept of an earlier stay',
      );
    }
    if (observer.whole) {
      presence.begin();
    }
  }

  /** On every connection: what only we know goes out again, for the broker may have forgotten it; then the view is read. */
  async #connected(): Promise<void> {
    const { bus, store, observer, clock } = this.#o;
    const { arriving } = observer;
    observer.reset();
    for (const [source_id, state] of arriving ? store.rooms.states : []) {
      await unlessPermanent(bus.publish(channels.room, { source_id }, state));
    }
    const { desired, desiredRevision, removedRooms } = store.facts();
    for (const { incident } of store.incidents.all.values()) {
      await unlessPermanent(bus.publish(channels.incident, { incident_id: incident.incident_id }, incident));
    }
    if (desired !== undefined) {
      const at = { updated_at: new Date(clock.now()).toISOString(), revision: desiredRevision };
      const body = desiredRoomsOf(desired, removedRooms, at);
      await unlessPermanent(bus.publish(channels.orchestratorRooms, {}, body));
    }
    if (store.alarmFigures.figures !== undefined) {
      await unlessPermanent(bus.publish(channels.alarmFigures, {}, store.alarmFigures.figures));
    }
    if (store.policy !== undefined) {
      const retained = { ...store.policy, history: store.policyHistory };
      await unlessPermanent(bus.publish(channels.orchestratorPolicy, {}, retained));
    }
    await this.#publishStatus();
    await observer.connected();
  }

  async #publishStatus(status = this.#o.status()): Promise<void> {
    const { bus } = this.#o;
    if (bus.connected) {
      await unlessPermanent(bus.publish(channels.orchestratorStatus, {}, status));
    }
  }

  #beat(): void {
    this.#timer = this.#o.clock.setTimeout(() => {
      if (this.#o.scope.signal.aborted) return;
      this.publishStatus();
      this.#beat();
    }, statusEveryMs);
  }
}
