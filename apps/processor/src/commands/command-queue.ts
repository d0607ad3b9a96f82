import { isDeepStrictEqual } from 'node:util';
import { CommandError } from '@vigilia/protocol';
import { createMailbox, type Mailbox } from '@vigilia/service';
import type { ReceivedCommand } from './received-command.ts';

/** Commands that may wait besides the one that runs. */
export const QUEUE_CAPACITY = 32;

interface Work {
  /** undefined: the processor's own work, e.g. choosing the decoding anew. */
  readonly command: ReceivedCommand | undefined;
  run(signal: AbortSignal): Promise<void>;
}

/** One command at a time, in the order they came. */
export class CommandQueue {
  readonly #mailbox: Mailbox<Work>;
  readonly #closing = new AbortController();
  readonly #waiting = new Set<ReceivedCommand>();
  #running: Work | undefined;
  #ownWork: AbortController | undefined;

  constructor(options: { onError(error: unknown): void }) {
    this.#mailbox = createMailbox<Work>({
      capacity: QUEUE_CAPACITY,
      handle: (work) => this.#run(work),
      onError: options.onError,
    });
  }

  get idle(): boolean {
    return this.#running === undefined && this.#mailbox.waiting === 0;
  }

  /**
   * Puts a command at the end. `run` must not throw.
   * @throws CommandError `in_progress` when the same is running (a restart: also when it waits), `queue_full` when too many wait.
   */
  post(command: ReceivedCommand, run: (signal: AbortSignal) => Promise<void>): void {
    const running = this.#running?.command;
    const restarts = [...this.#waiting].some((waiting) => command.name === 'restart' && repeats(command, waiting));
    if (restarts || (running !== undefined && repeats(command, running))) {
      throw new CommandError('in_progress', `${command.name} is already in progress`);
    }
    if (!this.#mailbox.post({ command, run })) {
      throw new CommandError('queue_full', `${QUEUE_CAPACITY} commands are waiting already; send it again later`);
    }
    this.#waiting.add(command);
    // whatever the processor does for itself can wait
    this.#ownWork?.abort(new Error('a command came'));
  }

  /** Work of the processor's own, only when nothing else is to be done; a command that comes meanwhile cuts it short. */
  postOwn(run: (signal: AbortSignal) => Promise<void>): boolean {
    return this.idle && this.#mailbox.post({ command: undefined, run });
  }

  /** Cuts short what runs; what waits runs with an aborted signal, so that it is answered. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort(new CommandError('internal', 'The processor is stopping'));
    await this.#mailbox.idle();
    await this.#mailbox.close();
  }

  async #run(work: Work): Promise<void> {
    this.#running = work;
    if (work.command !== undefined) {
      this.#waiting.delete(work.command);
    }
    const own = work.command === undefined ? new AbortController() : undefined;
    this.#ownWork = own;
    try {
      await work.run(own === undefined ? this.#closing.signal : AbortSignal.any([this.#closing.signal, own.signal]));
    } finally {
      this.#running = undefined;
      this.#ownWork = undefined;
    }
  }
}

/** The same again, or a restart of what a running restart restarts already. */
function repeats({ command }: ReceivedCommand, { command: running }: ReceivedCommand): boolean {
  if (command.command !== running.command) return false;
  const wholeRestart = running.command === 'restart' && running.params.source_id === undefined;
  return wholeRestart || isDeepStrictEqual(command.params, running.params);
}
