import { randomUUID } from 'node:crypto';
import { type Ack, ackSchema, type Command, type CommandMessage, statusSchema, type Topics } from '@vigilia/protocol';
import { type Bus, type Clock, redactUrl } from '@vigilia/service';
import { ownCommandPrefix } from '../observe/operator-watch.ts';
import { answerWithinMs } from '../plan/watching.ts';
import { type AckVerdict, judgeAck } from './judge-ack.ts';

export interface CommandSenderOptions {
  readonly bus: Bus;
  readonly topics: Topics;
  readonly clock: Clock;
  /** Who leads, and since when: processors refuse an older term. */
  readonly leader: () => { readonly instance_id: string; readonly term: number };
  /** The life that a processor is known to be in. */
  readonly bootOf: (instanceId: string) => string | undefined;
  /** How long a processor may take to give its final answer. */
  readonly timeoutMs?: number;
}

interface Waiting {
  readonly instanceId: string;
  readonly bootId: string | undefined;
  readonly settle: (verdict: AckVerdict) => void;
  readonly judge: (ack: Ack) => AckVerdict;
}

/** Sends commands to processors and waits for their final ACK. */
export class CommandSender {
  readonly #options: CommandSenderOptions;
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: CommandSenderOptions) {
    this.#options = options;
  }

  /** Every ACK of the house passes here. */
  ack(body: unknown): void {
    const parsed = ackSchema.safeParse(body);
    if (!parsed.success || parsed.data.ack_status === 'received') return;
    const waiting = this.#waiting.get(parsed.data.command_id);
    waiting?.settle(waiting.judge(parsed.data));
  }

  /**
   * Every status of the house passes here. A processor that has begun another life, or has ended, will never answer what it
   * was told before: sessions of processors are clean, so the command was lost with the one that it was sent to.
   */
  status(body: unknown): void {
    if (this.#waiting.size === 0) return;
    const parsed = statusSchema.safeParse(body);
    if (!parsed.success) return;
    const { instance_id: instanceId, boot_id: bootId, status } = parsed.data;
    for (const waiting of this.#waiting.values()) {
      if (waiting.instanceId !== instanceId) continue;
      // the last word of the life before says nothing about this one
      const lost = status === 'offline' ? waiting.bootId === bootId : waiting.bootId !== bootId;
      if (lost) waiting.settle({ done: false, code: 'lost', message: `${instanceId} ended before it answered` });
    }
  }

  /**
   * To be called on each connection: a command or its answer may have been lost with the connection before (processors' sessions
   * are clean, and a broker may forget). Statuses will tell what became of it; a command that is repeated does no harm.
   */
  connected(): void {
    for (const { instanceId, settle } of this.#waiting.values()) {
      settle({ done: false, code: 'lost', message: `the connection was lost before ${instanceId} answered` });
    }
  }

  /** Resolves with the verdict; never rejects: no answer is a verdict too (`timeout`, `not_sent`, `lost`). */
  async send(instanceId: string, command: Command, traceId?: string): Promise<AckVerdict> {
    const { bus, topics, clock, leader, bootOf } = this.#options;
    const timeoutMs = command.command === 'ping' ? answerWithinMs : (this.#options.timeoutMs ?? 45_000);
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
      const judge = (ack: Ack) => judgeAck(command, ack);
      this.#waiting.set(commandId, { instanceId, bootId: bootOf(instanceId), settle: resolve, judge });
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
      return {
        done: false,
        code: 'not_sent',
        message: redactUrl(`the broker did not take ${command.command}: ${String(error)}`),
      };
    } finally {
      limit.abort();
      this.#waiting.delete(commandId);
    }
  }
}
