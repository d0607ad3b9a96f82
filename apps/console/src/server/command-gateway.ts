import { randomUUID } from 'node:crypto';
import type { HouseMessage } from '@vigilia/house';
import type { Ack, Command, OrchestratorCommand, Topics } from '@vigilia/protocol';
import { type Bus, BusError, type Clock } from '@vigilia/service';

export interface CommandGatewayOptions {
  readonly bus: Bus;
  readonly topics: Topics;
  readonly clock: Clock;
}

/** What became of a command within the time that was waited for. */
export interface SentCommand {
  readonly commandId: string;
  /** Final answers only. */
  readonly answers: readonly Ack[];
  readonly complete: boolean;
}

interface Waiting {
  readonly answers: Ack[];
  readonly expected: number;
  readonly done: () => void;
}

const keptSenders = 200;

/** Tells this console's commands from others'. */
export function newCommandId(): string {
  return `console-${randomUUID()}`;
}

function awayError(): BusError {
  return new BusError('expired', 'The broker did not take the command in time; it was not carried out.');
}

/** Publishes people's commands and waits for the answers. */
export class CommandGateway {
  readonly #options: CommandGatewayOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #senders = new Map<string, string>();

  constructor(options: CommandGatewayOptions) {
    this.#options = options;
  }

  /** Who sent the command with this console. */
  readonly senderOf = (commandId: string): string | undefined => this.#senders.get(commandId);

  /** Every message of the house passes here. */
  readonly heard = (message: HouseMessage): void => {
    if (message.kind !== 'ack' || message.ack.ack_status === 'received') return;
    const waiting = this.#waiting.get(message.ack.command_id);
    if (waiting === undefined) return;
    waiting.answers.push(message.ack);
    if (waiting.answers.length >= waiting.expected) waiting.done();
  };

  /** @throws BusError when the broker does not take it */
  toOrchestrator(o: { command: OrchestratorCommand; by: string; waitMs: number }): Promise<SentCommand> {
    const message = { command: o.command.command, params: o.command.params };
    return this.#send({ topic: this.#options.topics.orchestratorCommands, message, expected: 1, ...o });
  }

  /**
   * @param o.targets instance ids; `['*']`: everybody who is no dedicated processor
   * @param o.expected how many of them should answer
   * @param o.commandId of `newCommandId`, for who must know it before it is sent
   * @throws BusError when the broker does not take it
   */
  toProcessors(o: {
    command: Command;
    targets: readonly string[];
    expected: number;
    by: string;
    waitMs: number;
    commandId?: string;
  }): Promise<SentCommand> {
    const message = { command: o.command.command, params: o.command.params, target_instances: o.targets };
    return this.#send({ topic: this.#options.topics.commands, message, ...o });
  }

  async #send(o: {
    topic: string;
    message: Readonly<Record<string, unknown>>;
    expected: number;
    by: string;
    waitMs: number;
    commandId?: string;
  }): Promise<SentCommand> {
    const { commandId = newCommandId() } = o;
    this.#remember(commandId, o.by);
    const answers: Ack[] = [];
    const limit = new AbortController();
    this.#waiting.set(commandId, { answers, expected: o.expected, done: () => limit.abort() });
    try {
      const { bus, clock } = this.#options;
      const expirySeconds = Math.ceil(o.waitMs / 1000);
      const sent = { ...o.message, command_id: commandId, trace_id: randomUUID() };
      const limited = clock.sleep(o.waitMs, limit.signal).catch(() => undefined);
      const published = bus.publish(o.topic, sent, { expirySeconds }).then(() => true);
      // While the broker is away a message waits for it; nobody should believe then that it was sent.
      if ((await Promise.race([published, limited.then(() => answers.length > 0)])) === false) throw awayError();
      await limited;
      return { commandId, answers, complete: answers.length >= o.expected };
    } finally {
      this.#waiting.delete(commandId);
    }
  }

  #remember(commandId: string, by: string): void {
    this.#senders.set(commandId, by);
    const oldest = this.#senders.keys().next().value;
    if (this.#senders.size > keptSenders && oldest !== undefined) this.#senders.delete(oldest);
  }
}
