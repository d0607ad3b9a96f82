import { randomUUID } from 'node:crypto';
import { type Ack, ackSchema, type Command, type CommandMessage, type Topics } from '@vigilia/protocol';
import type { Bus, Clock } from '@vigilia/service';
import { ownCommandPrefix } from '../observe/operator-watch.ts';
import { type AckVerdict, judgeAck } from './judge-ack.ts';

export interface CommandSenderOptions {
  readonly bus: Bus;
  readonly topics: Topics;
  readonly clock: Clock;
  /** Who leads, and since when: processors refuse an older term. */
  readonly leader: () => { readonly instance_id: string; readonly term: number };
  /** How long a processor may take to give its final answer. */
  readonly timeoutMs?: number;
}

/** Sends commands to processors and waits for their final ACK. */
export class CommandSender {
  readonly #options: CommandSenderOptions;
  readonly #waiting = new Map<string, (ack: Ack) => void>();

  constructor(options: CommandSenderOptions) {
    this.#options = options;
  }

  /** Every ACK of the house passes here. */
  ack(body: unknown): void {
    const parsed = ackSchema.safeParse(body);
    if (!parsed.success || parsed.data.ack_status === 'received') return;
    this.#waiting.get(parsed.data.command_id)?.(parsed.data);
  }

  /** Resolves with the verdict; never rejects: no answer is a verdict too (`timeout`, `not_sent`). */
  async send(instanceId: string, command: Command, traceId?: string): Promise<AckVerdict> {
    const { bus, topics, clock, leader, timeoutMs = 45_000 } = this.#options;
    const commandId = `${ownCommandPrefix}${randomUUID()}`;
    const message: CommandMessage = {
      command: command.command,
      params: command.params,
      target_instances: [instanceId],
      command_id: commandId,
      // by the processor's own clock, which may be off: only to keep a very late one from being run
      expires_at: new Date(clock.now() + timeoutMs + 30_000).toISOString(),
      leader: leader(),
      ...(traceId === undefined ? {} : { trace_id: traceId }),
    };
    const limit = new AbortController();
    const answered = new Promise<AckVerdict>((resolve) => {
      this.#waiting.set(commandId, (ack) => resolve(judgeAck(command, ack)));
    });
    const late = clock.sleep(timeoutMs, limit.signal).then(
      () => ({
        done: false as const,
        code: 'timeout',
        message: `${instanceId} gave no final answer to ${command.command}`,
      }),
      () => ({ done: false as const, code: 'timeout', message: 'stopped' }),
    );
    try {
      await bus.publish(topics.commands, message, { expirySeconds: Math.ceil(timeoutMs / 1000) });
      return await Promise.race([answered, late]);
    } catch (error) {
      return { done: false, code: 'not_sent', message: `the broker did not take ${command.command}: ${String(error)}` };
    } finally {
      limit.abort();
      this.#waiting.delete(commandId);
    }
  }
}
