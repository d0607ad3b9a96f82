import { randomUUID } from 'node:crypto';
import {
  type Ack,
  type Command,
  type CommandAuthor,
  type CommandMessage,
  channels,
  type OrchestratorCommand,
  type PayloadOf,
  withoutUndefined,
} from '@vigilia/protocol';
import type { ChannelBus } from './channel-bus.ts';
import type { Clock } from './clock.ts';
import { within } from './within.ts';

/** A command and the answers that are waited for. */
export type CommandRequest = ToProcessors | ToOrchestrator;

interface Shared {
  /** How long answers are waited for; the command does not begin later either. */
  readonly timeoutMs: number;
  readonly traceId?: string | undefined;
  /** Chosen by the caller where it must be known before the command is sent. */
  readonly commandId?: string | undefined;
  /** Ends the wait early: the result is then `aborted` with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

interface ToProcessors extends Shared {
  readonly to: 'processors';
  readonly command: Command;
  /** Instance ids; undefined: all homes. */
  readonly targets: readonly string[] | undefined;
  /** How many final answers, or the instances whose final answers, are waited for. */
  readonly expected: number | readonly string[];
  readonly leader?: CommandMessage['leader'];
  /** Who wants the command; an operator unless it is stated. */
  readonly author?: CommandAuthor | undefined;
}

interface ToOrchestrator extends Shared {
  readonly to: 'orchestrator';
  readonly command: OrchestratorCommand;
}

/** What became of a command. */
export interface CommandResult {
  readonly commandId: string;
  /** The final answer of each instance that gave one. */
  readonly answers: readonly Ack[];
  /** `answered`: all expected answers are there. `not_sent`: the broker did not take the command in time. */
  readonly ended: 'answered' | 'timeout' | 'not_sent' | 'aborted';
  /** Why it was not sent, or the reason of the signal. */
  readonly cause?: unknown;
}

interface Pending {
  readonly answers: Map<string, Ack>;
  readonly complete: () => boolean;
  readonly done: (ended: CommandResult['ended'], cause?: unknown) => void;
}

export interface CommandClientOptions {
  readonly bus: ChannelBus;
  readonly clock: Clock;
  /** Begins every command id, so that a service can distinguish its own commands from others'. */
  readonly idPrefix?: string;
}

/** Sends commands, correlates their answers, and waits for one or all of them without polling. */
export class CommandClient {
  readonly #options: CommandClientOptions;
  readonly #pending = new Map<string, Pending>();
  #listening: Promise<void> | undefined;

  constructor(options: CommandClientOptions) {
    this.#options = options;
  }

  /** Returns an id for a command that must be known before it is sent. */
  newId(): string {
    return `${this.#options.idPrefix ?? ''}${randomUUID()}`;
  }

  /**
   * Subscribes to the answers; called by the first `send` otherwise.
   * @throws BusError `refused`, `stopped`
   */
  listen(): Promise<void> {
    const { bus } = this.#options;
    this.#listening ??= bus.subscribeAll([channels.ack, channels.orchestratorAck], ({ value }) => {
      if (value !== undefined) {
        this.#answer(value);
      }
    });
    return this.#listening;
  }

  /**
   * Sends a command and resolves when the expected answers have come or the time is over. Does not reject because of the command.
   * @throws BusError when the answers cannot be subscribed to
   */
  async send(request: CommandRequest): Promise<CommandResult> {
    await this.listen();
    const commandId = request.commandId ?? this.newId();
    const answers = new Map<string, Ack>();
    const { signal } = request;
    using limit = within(request.timeoutMs, signal, { clock: this.#options.clock });
    const ended = new Promise<Pick<CommandResult, 'ended' | 'cause'>>((resolve) => {
      const done: Pending['done'] = (how, cause) =>
        resolve(cause === undefined ? { ended: how } : { ended: how, cause });
      this.#pending.set(commandId, { answers, complete: () => isComplete(request, answers), done });
      const onAbort = (): void => (limit.passed ? done('timeout') : done('aborted', signal?.reason));
      if (limit.signal.aborted) {
        onAbort();
      }
      limit.signal.addEventListener('abort', onAbort, { once: true });
    });
    let published = false;
    this.#publish(request, commandId).then(
      () => {
        published = true;
        const pending = this.#pending.get(commandId);
        // a caller that expects no answer has what it wants
        if (pending?.complete() === true) {
          pending.done('answered');
        }
      },
      (error: unknown) => this.#pending.get(commandId)?.done('not_sent', error),
    );
    const { ended: how, cause } = await ended;
    this.#pending.delete(commandId);
    // a command that still waits for the broker expires there: it will not be carried out
    const sent = published || answers.size > 0 || how !== 'timeout';
    const result = { commandId, answers: [...answers.values()], ended: sent ? how : 'not_sent' } as const;
    return cause === undefined ? result : { ...result, cause };
  }

  #publish(request: CommandRequest, commandId: string): Promise<void> {
    const { bus } = this.#options;
    const { command, params } = request.command;
    const trace = request.traceId === undefined ? {} : { trace_id: request.traceId };
    const message = { command, params: { ...params }, command_id: commandId, ...trace };
    const expirySeconds = Math.max(1, Math.ceil(request.timeoutMs / 1000));
    if (request.to === 'orchestrator')
      return bus.publish(channels.orchestratorCommands, {}, message, { expirySeconds });
    const { targets, leader, author = { by: 'operator' }, timeoutMs } = request;
    const toProcessors = withoutUndefined<PayloadOf<typeof channels.commands>>({
      ...message,
      author,
      expires_in_ms: timeoutMs,
      target_instances: targets && [...targets],
      leader,
    });
    return bus.publish(channels.commands, {}, toProcessors, { expirySeconds });
  }

  #answer(ack: Ack): void {
    const pending = this.#pending.get(ack.command_id);
    if (pending === undefined || ack.ack_status === 'received') return;
    pending.answers.set(ack.instance_id, ack);
    if (pending.complete()) {
      pending.done('answered');
    }
  }
}

function isComplete(request: CommandRequest, answers: ReadonlyMap<string, Ack>): boolean {
  if (request.to === 'orchestrator') return answers.size > 0;
  const { expected } = request;
  return typeof expected === 'number' ? answers.size >= expected : expected.every((id) => answers.has(id));
}
