import { CommandError, channels } from '@vigilia/protocol';
import { type ChannelBus, type Clock, type Logger, type ServiceScope, UsageError } from '@vigilia/service';
import type { ClipSender } from './clip/clip-sender.ts';
import type { IncidentClips } from './clip/incident-clips.ts';
import type { CommandIntake } from './commands/command-intake.ts';
import type { CommandQueue } from './commands/command-queue.ts';
import type { IncidentFollower } from './commands/incident-follower.ts';
import type { LeaderTerm } from './commands/leader-term.ts';
import type { SnapshotCommand } from './commands/snapshot-command.ts';
import type { ProcessorConfig } from './config/processor-config.ts';
import type { KnownModels } from './publish/known-models.ts';
import type { MetricsPublisher } from './publish/metrics-publisher.ts';
import type { Peers } from './publish/peers.ts';
import type { RoomStates } from './publish/room-states.ts';
import type { StatusBoard } from './publish/status-board.ts';
import type { Reconciler } from './reconcile/reconciler.ts';
import type { RetuneLoop } from './reconcile/retune-loop.ts';
import type { IncidentReplays } from './replay/incident-replays.ts';
import type { RoomPublisher } from './room/room-publisher.ts';

export interface ProcessorParts {
  readonly bus: ChannelBus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly initialConfig: ProcessorConfig;
  readonly control: boolean;
  readonly reconciler: Reconciler;
  readonly queue: CommandQueue;
  readonly intake: CommandIntake;
  readonly board: StatusBoard;
  readonly publisher: RoomPublisher;
  readonly metrics: MetricsPublisher;
  readonly models: KnownModels;
  readonly roomStates: RoomStates;
  readonly peers: Peers;
  readonly incidents: IncidentFollower;
  readonly replays: IncidentReplays;
  readonly snapshots: SnapshotCommand;
  readonly clips: IncidentClips;
  readonly clipSender: ClipSender;
  readonly leader: LeaderTerm;
  readonly retune: RetuneLoop;
  readonly scope: Pick<ServiceScope, 'onStop' | 'signal'>;
}

/** The life of a processor: in which order its parts start and stop. */
export class Processor {
  readonly #parts: ProcessorParts;

  constructor(parts: ProcessorParts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the rooms are being watched. What travels with the rooms is read before they are taken; commands are listened
   * to last, so that each finds a pipeline.
   * @throws UsageError when a model cannot be used.
   */
  async start(): Promise<void> {
    const { signal } = this.#parts.scope;
    const { bus, leader, models, roomStates, peers, incidents, replays, snapshots, board, control, intake } =
      this.#parts;
    const { clips, clipSender } = this.#parts;
    await bus.bus.start(signal);
    await this.#listen(() => models.start());
    await this.#listen(() => roomStates.start());
    await this.#listen(() => peers.start());
    await this.#listen(() => incidents.start());
    await this.#listen(() => replays.start());
    await this.#listen(() => snapshots.start());
    await this.#listen(() => clips.start());
    await this.#listen(() => clipSender.start());
    await this.#listen(() => leader.start());
    await peers.settled(() => board.publish());
    signal.throwIfAborted();
    this.#addStopOfRooms();
    await this.#startWatching(signal);
    if (control) {
      await bus.subscribe(channels.commands, (message) => intake.take(message), {
        onRejected: (message) => intake.takeRejected(message),
      });
    }
    bus.bus.onConnect(() => this.#announce());
    board.setRunningOrPaused();
    this.#startTimers();
  }

  /** A change of the rooms that is under way ends first, then the rooms themselves, and then this processor is offline. */
  #addStopOfRooms(): void {
    const { scope, board, reconciler, queue, replays, clips, bus } = this.#parts;
    scope.onStop('offline status', () => board.offline());
    scope.onStop('rooms', () => reconciler.stop());
    scope.onStop('replays', () => replays.stop());
    scope.onStop('clips', () => clips.stop());
    scope.onStop('commands', () => queue.close());
    scope.onStop('stopping status', () => {
      if (bus.connected) {
        board.set('stopping');
      }
    });
  }

  #startTimers(): void {
    const { scope, board, metrics, retune } = this.#parts;
    for (const [step, timer] of Object.entries({ status: board, metrics, retune })) {
      scope.onStop(step, () => timer.stop());
      timer.start();
    }
  }

  async #startWatching(signal: AbortSignal): Promise<void> {
    const { reconciler, initialConfig } = this.#parts;
    try {
      await reconciler.start(initialConfig, signal);
    } catch (error) {
      if (!(error instanceof CommandError) || signal.aborted) throw error;
      const remedy = 'Name another with --model, or put it there; --reset-state forgets a kept configuration.';
      throw new UsageError({ code: error.code, message: `${error.message.replace(/\.$/, '')}.`, remedy, cause: error });
    }
  }

  /** Reading others' messages is a help, not a need: a broker that does not allow it must not keep rooms unwatched. */
  async #listen(subscribe: () => Promise<void>): Promise<void> {
    const { logger } = this.#parts;
    try {
      await subscribe();
    } catch (err) {
      logger.warn({ event: 'subscription_refused', err }, 'the broker does not let this processor read a topic');
    }
  }

  /** Retained state and will must agree: published again on every connection, and with it every room and every active fall. */
  #announce(): void {
    const { board, publisher } = this.#parts;
    board.publish();
    publisher.announce();
  }
}
