import { channels, type ProcessorStatusName, type SettingOwner, type Status } from '@vigilia/protocol';
import type { ChannelBus, Clock, Timer } from '@vigilia/service';
import { buildStatus, type ConfigSource, offlineStatus } from './build-status.ts';
import type { Identity } from './identity.ts';
import { type MonitoredRooms, roomStatusFacts } from './room-status-facts.ts';

export interface StatusBoardOptions {
  readonly bus: ChannelBus;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly reconciler: MonitoredRooms;
  readonly control: boolean;
  configSource(): ConfigSource;
  /** Names of the files of models that are there now. */
  availableModels(): readonly string[];
}

/** How often it is looked whether the retained status is still true. */
const REFRESH_MS = 1_000;

/** What a reader of the status acts on; times and counters are left out, because they always differ. */
function outlook(status: Status): string {
  const rooms = (status.streams ?? []).map(({ source_id, state, blind_cause, decoding }) => [
    source_id,
    state,
    blind_cause,
    decoding,
  ]);
  return JSON.stringify([status.status, status.health, rooms, status.available_models, status.models]);
}

/** The processor's status: retained on its own topic, and a copy for those who watch one topic. */
export class StatusBoard {
  readonly #options: StatusBoardOptions;
  readonly #startedMs: number;
  #status: ProcessorStatusName = 'starting';
  #lastError: Status['last_error'];
  #pausedBy: SettingOwner | undefined;
  #shown = '';
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: StatusBoardOptions) {
    this.#options = options;
    this.#startedMs = options.clock.monotonic();
  }

  get status(): ProcessorStatusName {
    return this.#status;
  }

  get uptimeMs(): number {
    return this.#options.clock.monotonic() - this.#startedMs;
  }

  /** From now on the retained status follows what happens to the rooms by itself: seen, blind, seen again. */
  start(): void {
    if (this.#stopped) return;
    const status = this.current();
    // without a connection it would only grow old in the queue: it is published again on the next one
    if (this.#options.bus.connected && outlook(status) !== this.#shown) {
      this.#publishOwn(status);
    }
    this.#timer = this.#options.clock.setTimeout(() => this.start(), REFRESH_MS);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** Changes the status and publishes it. */
  set(status: ProcessorStatusName): void {
    this.#status = status;
    this.publish();
  }

  /** The status while nothing is being changed. @param pausedBy who has just paused it */
  setRunningOrPaused(pausedBy = this.#pausedBy): void {
    this.#pausedBy = pausedBy;
    this.set(this.#options.reconciler.paused ? 'paused' : 'running');
  }

  /** A failed command: `error`, then what it was before, because the old pipeline never stopped. */
  fail(error: { command: string; command_id: string; code: string }): void {
    this.#lastError = { ...error, at: new Date(this.#options.clock.now()).toISOString() };
    this.set('error');
    this.setRunningOrPaused();
  }

  publish(extra: Pick<Status, 'pong'> = {}): void {
    const { bus } = this.#options;
    const status = { ...this.current(), ...extra };
    this.#publishOwn(status);
    void bus.publish(channels.statusShared, {}, status);
  }

  #publishOwn(status: Status): void {
    const { bus, identity } = this.#options;
    this.#shown = outlook(status);
    void bus.publish(channels.status, { instance_id: identity.instanceId }, status);
  }

  current(): Status {
    const { identity, clock, reconciler, control, configSource, availableModels } = this.#options;
    return buildStatus({
      identity,
      status: this.#status,
      nowMs: clock.now(),
      uptimeMs: this.uptimeMs,
      config: reconciler.config,
      configSource: configSource(),
      control,
      paused: reconciler.paused,
      pausedBy: this.#pausedBy,
      rooms: roomStatusFacts(reconciler, clock),
      availableModels: availableModels(),
      models: reconciler.models,
      lastError: this.#lastError,
    });
  }

  /** Publishes its end: after an orderly end the broker keeps the will to itself. */
  offline(): void {
    const { bus, identity, clock } = this.#options;
    if (!bus.connected) return;
    const status = offlineStatus(identity, clock.now());
    void bus.publish(channels.status, { instance_id: identity.instanceId }, status);
    void bus.publish(channels.statusShared, {}, status);
  }
}
