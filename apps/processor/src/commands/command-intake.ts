import { randomUUID } from 'node:crypto';
import { type CommandEnvelope, CommandError, isCommandName, parseCommand, parseTopic } from '@vigilia/protocol';
import type { BusMessage, Clock, Logger } from '@vigilia/service';
import type { Identity } from '../publish/identity.ts';
import type { Acknowledger } from './acknowledger.ts';
import type { CommandQueue } from './command-queue.ts';
import { readCommand } from './read-command.ts';
import type { ReceivedCommand, ReplyTo } from './received-command.ts';
import type { SeenCommand, SeenCommands } from './seen-commands.ts';

/** Runs one command. */
export interface CommandRunner {
  /** Whether it is answered at once, also while another command runs: `status`, `ping`, `metrics`, `snapshot`. */
  isInstant(name: string): boolean;
  /** @returns the ACK's `result`. @throws CommandError */
  run(command: ReceivedCommand, signal: AbortSignal): Promise<Record<string, unknown> | undefined>;
  /** After the final answer is on its way, e.g. to end the process. */
  answered(command: ReceivedCommand): void;
}

export interface CommandIntakeOptions {
  readonly identity: Identity;
  /** Of our topics. */
  readonly prefix: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly acknowledger: Acknowledger;
  readonly queue: CommandQueue;
  readonly seen: SeenCommands;
  readonly runner: CommandRunner;
}

/** From a message on the command topic to its answer. Every message that addresses this processor gets one. */
export class CommandIntake {
  readonly #options: CommandIntakeOptions;
  /** Highest term of an orchestrator that was seen. */
  #term = -1;

  constructor(options: CommandIntakeOptions) {
    this.#options = options;
  }

  /** Returns at once: what takes time is queued. */
  take(message: BusMessage): void {
    const { identity, logger, acknowledger } = this.#options;
    const read = readCommand({ text: message.payload.toString(), retain: message.retain }, identity);
    if (read.kind === 'ignored') {
      if (read.why === 'retained') logger.warn({ event: 'retained_command_ignored' }, 'a retained command was ignored');
      return;
    }
    const replyTo = replyAddress(message, this.#options.prefix);
    if (read.kind === 'command') {
      this.#accept(this.#received(read.envelope, message.expirySeconds), read.envelope, replyTo);
      return;
    }
    const command = { ...this.#received({ command: read.name }), commandId: read.commandId ?? randomUUID() };
    logger.warn({ event: 'command_unreadable', error_code: read.error.code }, read.error.message);
    acknowledger.failed(command, read.error, replyTo);
  }

  /** @param expirySeconds what MQTT 5 says beside the envelope's `expires_at`; the earlier one counts. */
  #received(envelope: CommandEnvelope, expirySeconds = Number.POSITIVE_INFINITY): ReceivedCommand {
    const byEnvelope = envelope.expires_at === undefined ? Number.POSITIVE_INFINITY : Date.parse(envelope.expires_at);
    const expiresAtMs = Math.min(byEnvelope, this.#options.clock.now() + expirySeconds * 1000);
    return {
      name: envelope.command,
      params: envelope.params ?? {},
      commandId: envelope.command_id ?? randomUUID(),
      traceId: envelope.trace_id,
      expiresAtMs,
      receivedAs: this.#options.identity.instanceId,
    };
  }

  #accept(command: ReceivedCommand, envelope: CommandEnvelope, replyTo: ReplyTo[]): void {
    const { seen, clock, acknowledger, queue, runner } = this.#options;
    const before = seen.find(command.commandId, clock.monotonic());
    if (before !== undefined) {
      this.#answerAgain(command, before, replyTo);
      return;
    }
    const entry = seen.add(command.commandId, clock.monotonic(), replyTo);
    acknowledger.received(command, replyTo);
    try {
      this.#checkLeader(envelope);
      this.#checkExpiry(command);
      if (!isCommandName(command.name)) parseCommand(command.name, command.params);
      if (runner.isInstant(command.name)) void this.#run(command, entry, new AbortController().signal);
      else queue.post(command, (signal) => this.#run(command, entry, signal));
    } catch (error) {
      this.#refuse(command, entry, error);
    }
  }

  #answerAgain(command: ReceivedCommand, before: SeenCommand, replyTo: ReplyTo[]): void {
    const { acknowledger, logger } = this.#options;
    before.repeats += 1;
    // Its sender may repeat it endlessly: the 1st, 10th, 100th … time is logged.
    if (Number.isInteger(Math.log10(before.repeats))) {
      const fields = { event: 'command_repeated', command: command.name, command_id: command.commandId };
      logger.info({ ...fields, repeats: before.repeats }, 'the command came before; it gets its answer again');
    }
    if (before.final !== undefined) {
      acknowledger.send(before.final, command, replyTo);
      return;
    }
    before.replyTo.push(...replyTo);
    acknowledger.received(command, replyTo);
  }

  async #run(command: ReceivedCommand, entry: SeenCommand, signal: AbortSignal): Promise<void> {
    const { runner, acknowledger } = this.#options;
    try {
      signal.throwIfAborted();
      this.#checkExpiry(command);
    } catch (error) {
      return this.#refuse(command, entry, error);
    }
    try {
      const result = await runner.run(command, signal);
      entry.final = acknowledger.completed(command, result, entry.replyTo);
    } catch (error) {
      entry.final = acknowledger.failed(
        command,
        commandError(command, signal.aborted ? signal.reason : error),
        entry.replyTo,
      );
    }
    runner.answered(command);
  }

  /** Not run at all: the log has no other line of it. */
  #refuse(command: ReceivedCommand, entry: SeenCommand, error: unknown): void {
    const { logger, acknowledger } = this.#options;
    const known = commandError(command, error);
    const fields = { command: command.name, command_id: command.commandId, error_code: known.code };
    logger.warn({ event: 'command_refused', ...fields }, known.message);
    entry.final = acknowledger.failed(command, known, entry.replyTo);
  }

  #checkExpiry({ expiresAtMs }: ReceivedCommand): void {
    if (expiresAtMs < this.#options.clock.now()) {
      throw new CommandError('expired', 'The command came up after its expires_at; send it again', {
        field: 'expires_at',
      });
    }
  }

  #checkLeader({ leader }: CommandEnvelope): void {
    if (leader === undefined) return;
    if (leader.term < this.#term) {
      throw new CommandError(
        'stale_leader',
        `Orchestrator ${leader.instance_id} no longer acts: term ${this.#term} was seen`,
      );
    }
    this.#term = leader.term;
  }
}

/** An answer on one of our own topics would be read as something else there: a command would run again elsewhere. */
function replyAddress({ responseTopic, correlationData }: BusMessage, prefix: string): ReplyTo[] {
  const usable =
    responseTopic !== undefined && !/[+#]/.test(responseTopic) && parseTopic(prefix, responseTopic) === undefined;
  return usable ? [{ topic: responseTopic, correlationData }] : [];
}

/** A fault of ours is told as such, without its inside. */
function commandError(command: ReceivedCommand, error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  return new CommandError('internal', `${command.name} failed inside the processor; its log says more`, {
    cause: error,
  });
}
