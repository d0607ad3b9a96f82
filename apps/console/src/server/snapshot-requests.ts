import { type Ack, channels, parseCommand, type Snapshot } from '@vigilia/protocol';
import { type ChannelBus, type Clock, within } from '@vigilia/service';
import type { CommandGateway } from './command-gateway.ts';
import { RequestError } from './request-error.ts';

export interface SnapshotRequestsOptions {
  readonly bus: ChannelBus;
  readonly clock: Clock;
  readonly gateway: CommandGateway;
}

export interface WantedSnapshot {
  readonly sourceId: number;
  /** The processor that watches the room. */
  readonly watcher: string;
  readonly reveal: boolean;
  /** Who asks. */
  readonly by: string;
}

const answerMs = 8000;
/** A snapshot is on its way before the answer to its command, but nothing promises the order. */
const lateMs = 2000;

/** Asks processors for snapshots of rooms. None is kept: only a requested one is held, until it is handed over. */
export class SnapshotRequests {
  readonly #options: SnapshotRequestsOptions;
  /** By the id of the command that asked. */
  readonly #wanted = new Map<string, (snapshot: Snapshot) => void>();

  constructor(options: SnapshotRequestsOptions) {
    this.#options = options;
  }

  /** Call it before the bus is started. A broker that does not let us read snapshots keeps nothing else from working. */
  start(): void {
    const { bus } = this.#options;
    const subscribed = bus.subscribe(channels.snapshot, ({ value }) => {
      if (value !== undefined) {
        this.#wanted.get(value.command_id)?.(value);
      }
    });
    subscribed.catch(() => undefined);
  }

  /** @throws RequestError with the processor's code (409), or `no_picture` (504) */
  async ask({ sourceId, watcher, reveal, by }: WantedSnapshot): Promise<Snapshot> {
    const { gateway, clock } = this.#options;
    const command = parseCommand('snapshot', { source_id: sourceId, reveal, by });
    const commandId = gateway.newId();
    const arrived = new Promise<Snapshot>((resolve) => this.#wanted.set(commandId, resolve));
    try {
      const sent = await gateway.toProcessors({
        command,
        commandId,
        targets: [watcher],
        expected: 1,
        by,
        waitMs: answerMs,
      });
      refuse(sent.answers[0]);
      using limit = within(lateMs, undefined, { clock });
      const snapshot = await limit.waitFor(arrived);
      if (snapshot === undefined) throw new RequestError(504, 'no_picture', 'The processor sent no snapshot.');
      return snapshot;
    } finally {
      this.#wanted.delete(commandId);
    }
  }
}

function refuse(answer: Ack | undefined): void {
  if (answer?.ack_status !== 'error') return;
  throw new RequestError(409, answer.error?.code ?? 'internal', answer.message ?? 'The processor refused.');
}
