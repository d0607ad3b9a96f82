import { randomUUID } from 'node:crypto';
import type { Ack, Command, OrchestratorCommand } from '@vigilia/protocol';
import { BusError, type CommandClient, type CommandRequest } from '@vigilia/service';

export interface CommandGatewayOptions {
  readonly client: CommandClient;
}

/** What became of a command within the time that was waited for. */
export interface SentCommand {
  readonly commandId: string;
  /** Final answers only. */
  readonly answers: readonly Ack[];
  readonly complete: boolean;
}

const keptSenders = 200;

/** Begins the ids of the console's own commands. */
export const consoleCommandPrefix = 'console-';

/** Sends people's commands, and remembers who sent which. */
export class CommandGateway {
  readonly #client: CommandClient;
  readonly #senders = new Map<string, string>();

  constructor({ client }: CommandGatewayOptions) {
    this.#client = client;
  }

  /** Subscribes to answers; call it before the bus is started. */
  start(): void {
    // while the broker is unreachable the subscription waits for it
    void this.#client.listen().catch(() => undefined);
  }

  /** Returns an id for a command that must be known before it is sent. */
  newId(): string {
    return this.#client.newId();
  }

  /** Returns who sent the command with this console. */
  readonly senderOf = (commandId: string): string | undefined => this.#senders.get(commandId);

  /** @throws BusError when the broker does not take it */
  toOrchestrator(o: { command: OrchestratorCommand; by: string; waitMs: number }): Promise<SentCommand> {
    return this.#send(o.by, {
      to: 'orchestrator',
      command: o.command,
      timeoutMs: o.waitMs,
      commandId: this.newId(),
      traceId: randomUUID(),
    });
  }

  /**
   * @param o.targets instance ids; `['*']`: all homes
   * @param o.expected how many of them should answer
   * @param o.commandId of `newId`, where it must be known before it is sent
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
    return this.#send(o.by, {
      to: 'processors',
      command: o.command,
      targets: o.targets,
      expected: o.expected,
      timeoutMs: o.waitMs,
      commandId: o.commandId ?? this.newId(),
      traceId: randomUUID(),
    });
  }

  async #send(by: string, request: CommandRequest & { readonly commandId: string }): Promise<SentCommand> {
    this.#remember(request.commandId, by);
    const { commandId, answers, ended, cause } = await this.#client.send(request);
    if (ended === 'not_sent') throw cause ?? notTaken();
    return { commandId, answers, complete: ended === 'answered' };
  }

  #remember(commandId: string, by: string): void {
    this.#senders.set(commandId, by);
    const oldest = this.#senders.keys().next().value;
    if (this.#senders.size > keptSenders && oldest !== undefined) {
      this.#senders.delete(oldest);
    }
  }
}

/** While the broker is unreachable a command waits for it; until then it must not look sent. */
function notTaken(): BusError {
  return new BusError('expired', 'The broker did not take the command in time; it was not carried out.');
}
