import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  addresses,
  authorOf,
  type Command,
  type CommandEnvelope,
  CommandError,
  type channels,
  commandHints,
  type ErrorCode,
  expiresInMs,
  parseCommand,
} from '@vigilia/protocol';
import type { Clock, Logger, Received, RejectedMessage, ReplyAddress } from '@vigilia/service';
import type { Identity } from '../publish/identity.ts';
import type { AckPublisher } from './ack-publisher.ts';
import { CommandInbox } from './command-inbox.ts';
import type { CommandQueue } from './command-queue.ts';
import type { LeaderTerm } from './leader-term.ts';
import type { Answerable, ReceivedCommand, ReplyTo } from './received-command.ts';
import type { SeenCommand, SeenCommands } from './seen-commands.ts';

/** Runs one command. */
export interface CommandRunner {
  /** Returns whether it is answered at once, also while another command runs. */
  isInstant(command: Command): boolean;
  /** @returns the ACK's `result`. @throws CommandError */
  run(command: ReceivedCommand, signal: AbortSignal): Promise<Record<string, unknown> | undefined>;
  /** After the final answer is on its way, e.g. to end the process. */
  answered(command: Command): void;
}

export interface CommandIntakeOptions {
  readonly identity: Identity;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ackPublisher: AckPublisher;
  readonly queue: CommandQueue;
  readonly seen: SeenCommands;
  readonly runner: CommandRunner;
  readonly leader: LeaderTerm;
}

/** A command as it arrived, with the monotonic time until which it may begin. */
interface ArrivedCommand {
  readonly envelope: CommandEnvelope;
  readonly answerable: Answerable;
  /** Response topics of all who sent it while it waited. */
  readonly replyTo: ReplyAddress[];
  readonly expiresAtMs: number;
}

/** A command that was not repeated, with the monotonic time until which it may begin. */
interface Accepted {
  readonly received: ReceivedCommand;
  readonly entry: SeenCommand;
  readonly expiresAtMs: number;
}

/** From a message on the command topic to its answer. Every command that addresses this processor gets one. */
export class CommandIntake {
  readonly #options: CommandIntakeOptions;
  readonly #inbox: CommandInbox;
  /** Commands that wait in the inbox, by `command_id`: the first one where it came several times. */
  readonly #waiting = new Map<string, ArrivedCommand>();

  constructor(options: CommandIntakeOptions) {
    this.#options = options;
    this.#inbox = new CommandInbox({
      roomForAnswers: () => options.ackPublisher.roomForAnswers(),
      onError: (err) => options.logger.error({ event: 'command_failed', err }, 'a command could not be handled'),
    });
  }

  /** Takes a valid message. Returns at once: what takes time is queued. */
  take({ value: envelope, arrival }: Received<typeof channels.commands>): void {
    if (envelope === undefined || !this.#isOurs(envelope)) return;
    const { clock } = this.#options;
    const byBroker = (arrival.expirySeconds ?? Number.POSITIVE_INFINITY) * 1000;
    const expiresAtMs = clock.monotonic() + Math.min(byBroker, expiresInMs(envelope, clock.now()));
    const answerable = this.#answerable(envelope);
    this.#post({ envelope, answerable, replyTo: asList(arrival.replyTo), expiresAtMs }, arrival.payload.length);
  }

  #post(command: ArrivedCommand, bytes: number): void {
    const { commandId } = command.answerable;
    const first = this.#waiting.get(commandId) ?? command;
    this.#waiting.set(commandId, first);
    const isPosted = this.#inbox.post(bytes, () => {
      this.#waiting.delete(commandId);
      this.#accept(command);
    });
    if (isPosted) return;
    if (first === command) {
      this.#waiting.delete(commandId);
    }
    this.#answerWithoutRoom(command, first);
  }

  /** A command that came before is not rejected: its answer is known, or follows. */
  #answerWithoutRoom({ envelope, answerable, replyTo }: ArrivedCommand, first: ArrivedCommand): void {
    const { ackPublisher } = this.#options;
    if (this.#seenBefore(answerable, envelope, replyTo)) return;
    if (first.envelope === envelope) {
      ackPublisher.failed(answerable, inboxFull(), replyTo);
    } else if (isSameCommand(contentOf(first.envelope), contentOf(envelope))) {
      first.replyTo.push(...replyTo);
    } else {
      ackPublisher.failed(answerable, reusedId(answerable.commandId), replyTo);
    }
  }

  #accept({ envelope, answerable, replyTo, expiresAtMs }: ArrivedCommand): void {
    const before = this.#seenBefore(answerable, envelope, replyTo);
    if (before) return;
    const { seen, clock, ackPublisher } = this.#options;
    const entry = seen.add(answerable.commandId, clock.monotonic(), { ...contentOf(envelope), replyTo });
    ackPublisher.received(answerable, replyTo);
    try {
      const command = parseCommand(envelope.command, envelope.params);
      this.#options.leader.check(envelope.leader);
      this.#begin({ received: { ...answerable, command, author: authorOf(envelope) }, entry, expiresAtMs });
    } catch (error) {
      this.#refuse(answerable, entry, error);
    }
  }

  /** Answers a message that is not a command, if it is clear which processor it was for. Retained ones are never answered. */
  takeRejected({ reason, message, field, body, arrival }: RejectedMessage): void {
    if (reason === 'retained') return;
    const hints = commandHints(body);
    if (!this.#isOurs(hints)) return;
    const code: ErrorCode = reason === 'invalid_json' || reason === 'empty' ? 'invalid_json' : 'invalid_command';
    const error = new CommandError(code, message, field === undefined ? {} : { field });
    const answer = (): unknown =>
      this.#options.ackPublisher.failed(this.#answerable(hints), error, asList(arrival.replyTo));
    // without room it stays unanswered: only commands are promised an answer
    this.#inbox.post(arrival.payload.length, answer);
  }

  /** A dedicated processor obeys only what names it. */
  #isOurs(envelope: { readonly target_instances?: readonly string[] | undefined }): boolean {
    const { identity } = this.#options;
    const addressed = addresses(envelope, identity.instanceId);
    return addressed === 'named' || (addressed === 'all' && identity.role === 'home');
  }

  #answerable(envelope: Pick<CommandEnvelope, 'command' | 'command_id' | 'trace_id'>): Answerable {
    return {
      name: envelope.command,
      commandId: envelope.command_id ?? randomUUID(),
      traceId: envelope.trace_id,
      receivedAs: this.#options.identity.instanceId,
    };
  }

  /** Answers a command that came before: its final answer again, or an error when it is another command with the same id. */
  #seenBefore(answerable: Answerable, envelope: CommandEnvelope, replyTo: ReplyTo): boolean {
    const { seen, clock, ackPublisher, logger } = this.#options;
    const before = seen.find(answerable.commandId, clock.monotonic());
    if (before === undefined) return false;
    const content = contentOf(envelope);
    before.repeats += 1;
    // its sender may repeat it endlessly: the 1st, 10th, 100th … time is logged
    if (Number.isInteger(Math.log10(before.repeats))) {
      const fields = { event: 'command_repeated', command: content.name, command_id: answerable.commandId };
      logger.info({ ...fields, repeats: before.repeats }, 'the command came before; it gets its answer again');
    }
    if (!isSameCommand(before, content)) {
      ackPublisher.failed(answerable, reusedId(answerable.commandId), replyTo);
    } else if (before.final === undefined) {
      before.replyTo.push(...replyTo);
      ackPublisher.received(answerable, replyTo);
    } else {
      ackPublisher.send(before.final, answerable, replyTo);
    }
    return true;
  }

  #begin(accepted: Accepted): void {
    const { queue, runner } = this.#options;
    const { received } = accepted;
    this.#checkExpiry(accepted);
    if (runner.isInstant(received.command)) {
      void this.#run(accepted, new AbortController().signal);
    } else {
      queue.post(received, (signal) => this.#run(accepted, signal));
    }
  }

  async #run(accepted: Accepted, signal: AbortSignal): Promise<void> {
    const { runner, ackPublisher } = this.#options;
    const { received, entry } = accepted;
    try {
      signal.throwIfAborted();
      this.#checkExpiry(accepted);
    } catch (error) {
      return this.#refuse(received, entry, error);
    }
    try {
      const result = await runner.run(received, signal);
      entry.final = ackPublisher.completed(received, result, entry.replyTo);
    } catch (error) {
      const known = commandError(received, signal.aborted ? signal.reason : error);
      entry.final = ackPublisher.failed(received, known, entry.replyTo);
    }
    runner.answered(received.command);
  }

  /** Not run at all: the log has no other line of it. */
  #refuse(command: Answerable, entry: SeenCommand, error: unknown): void {
    const { logger, ackPublisher } = this.#options;
    const known = commandError(command, error);
    const fields = { command: command.name, command_id: command.commandId, error_code: known.code };
    logger.warn({ event: 'command_refused', ...fields }, known.message);
    entry.final = ackPublisher.failed(command, known, entry.replyTo);
  }

  #checkExpiry({ expiresAtMs }: Accepted): void {
    if (this.#options.clock.monotonic() <= expiresAtMs) return;
    throw new CommandError('expired', 'The command could not begin before it expired; send it again', {
      field: 'expires_at',
    });
  }
}

function asList(address: ReplyAddress | undefined): ReplyAddress[] {
  return address === undefined ? [] : [address];
}

function inboxFull(): CommandError {
  return new CommandError('queue_full', 'Too many commands are waiting already; send it again later');
}

function isSameCommand(
  one: Pick<SeenCommand, 'name' | 'params'>,
  other: Pick<SeenCommand, 'name' | 'params'>,
): boolean {
  return one.name === other.name && isDeepStrictEqual(one.params, other.params);
}

function contentOf(envelope: CommandEnvelope): Pick<SeenCommand, 'name' | 'params'> {
  return { name: envelope.command, params: envelope.params ?? {} };
}

function reusedId(commandId: string): CommandError {
  return new CommandError(
    'invalid_command',
    `The command_id ${commandId} was used before for another command. Use a new command_id for each command.`,
    { field: 'command_id' },
  );
}

/** An internal error is reported as such, without its inside. */
function commandError(command: Answerable, error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  return new CommandError('internal', `${command.name} failed inside the processor; its log shows the cause`, {
    cause: error,
  });
}
