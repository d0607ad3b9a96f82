import { channels, type Status } from '@vigilia/protocol';
import { type ChannelBus, type Clock, type Logger, OtherBootDetector, within } from '@vigilia/service';
import type { Identity } from './identity.ts';

/** Clocks further apart than this are warned of: `expires_at` is read by the local one. */
const SKEW_MS = 2_000;
/** Longest wait for the own status to come back; a broker that does not let us read it must not keep us from starting. */
const ECHO_LIMIT_MS = 2_000;

export interface PeersOptions {
  readonly bus: ChannelBus;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The other processors, from their statuses: whose names are taken, whose clocks differ, and who uses our name. */
export class Peers {
  readonly #options: PeersOptions;
  readonly #otherBoot: OtherBootDetector;
  readonly #statuses = new Map<string, Status>();
  readonly #skewed = new Set<string>();
  #onEcho: (() => void) | undefined;

  constructor(options: PeersOptions) {
    this.#options = options;
    this.#otherBoot = new OtherBootDetector(options.identity.bootId, options.clock.now());
  }

  async start(): Promise<void> {
    const { bus } = this.#options;
    await bus.subscribe(channels.status, ({ value, arrival }) => {
      if (value !== undefined) {
        this.#take(value, arrival.retain);
      }
    });
  }

  /**
   * Resolves when the own status has come back after `publishStatus`: everything retained that was asked for before has arrived
   * by then (MQTT keeps the order on a connection).
   */
  async settled(publishStatus: () => void): Promise<void> {
    const echo = new Promise<void>((resolve) => {
      this.#onEcho = resolve;
    });
    using limit = within(ECHO_LIMIT_MS, undefined, { clock: this.#options.clock });
    publishStatus();
    await limit.waitFor(echo);
    this.#onEcho = undefined;
  }

  /** Whether another processor lives under this name. */
  isTaken(instanceId: string): boolean {
    const status = this.#statuses.get(instanceId);
    return status !== undefined && status.status !== 'offline';
  }

  #take(status: Status, retained: boolean): void {
    const { bus, identity } = this.#options;
    const own = status.instance_id === identity.instanceId;
    if (own && this.#isOtherBoot(status, retained)) {
      bus.bus.takenOver();
    }
    if (status.boot_id === identity.bootId) {
      this.#onEcho?.();
      return;
    }
    this.#statuses.set(status.instance_id, status);
    // a retained status and a will are old by nature
    if (!retained && status.status !== 'offline') {
      this.#compareClocks(status);
    }
  }

  /** A last will has no uptime, and the time at which its process started. */
  #isOtherBoot({ boot_id, status, timestamp, uptime_seconds = 0 }: Status, retained: boolean): boolean {
    const startedAt = Date.parse(timestamp) - uptime_seconds * 1000;
    return this.#otherBoot.isProof({ bootId: boot_id, status, startedAt, mayBeOld: retained });
  }

  #compareClocks(status: Status): void {
    const { clock, logger } = this.#options;
    const skewMs = Math.round(Date.parse(status.timestamp) - clock.now());
    if (Math.abs(skewMs) <= SKEW_MS) {
      this.#skewed.delete(status.instance_id);
    } else if (!this.#skewed.has(status.instance_id)) {
      this.#skewed.add(status.instance_id);
      logger.warn({ event: 'clock_skew', other_instance_id: status.instance_id, skew_ms: skewMs }, 'clocks differ');
    }
  }
}
