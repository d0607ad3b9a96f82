import type { Command, CommandAuthor, CommandMessage, Status } from '@vigilia/protocol';
import { BusError, type CommandClient, type CommandResult } from '@vigilia/service';
import { answerWithinMs } from '../plan/watchers.ts';
import { type AckJudgement, judgeAck } from './judge-ack.ts';

/** Begins the ids of an orchestrator's commands, for people who read them. */
export const ownCommandPrefix = 'orchestrator-';

export interface CommandSenderOptions {
  readonly client: CommandClient;
  /** Who leads, and since when: processors refuse an older term. */
  readonly leader: () => NonNullable<CommandMessage['leader']>;
  /** The life that a processor is known to be in. */
  readonly bootOf: (instanceId: string) => string | undefined;
  /** How long a processor may take to give its final answer. */
  readonly timeoutMs?: number;
}

interface Waiting {
  readonly instanceId: string;
  readonly bootId: string | undefined;
  readonly limit: AbortController;
}

/** Sends commands to processors and waits for their final ACK, or until the processor cannot give one any more. */
export class CommandSender {
  readonly #options: CommandSenderOptions;
  readonly #waiting = new Set<Waiting>();

  constructor(options: CommandSenderOptions) {
    this.#options = options;
  }

  /**
   * To be called with every status. A processor that has begun another life, or has ended, will never answer what it was sent
   * before: sessions of processors are clean, so the command was lost with the one that it was sent to.
   */
  status({ instance_id: instanceId, boot_id: bootId, status }: Status): void {
    for (const waiting of this.#waiting) {
      if (waiting.instanceId !== instanceId) continue;
      // the last will of the boot before means nothing for this one
      const lost = status === 'offline' ? waiting.bootId === bootId : waiting.bootId !== bootId;
      if (lost) {
        waiting.limit.abort(`${instanceId} ended before it answered`);
      }
    }
  }

  /**
   * To be called on each connection: a command or its answer may have been lost with the connection before (processors' sessions
   * are clean, and a broker may forget). Statuses will show what became of it; a command that is repeated does no harm.
   */
  connected(): void {
    for (const { instanceId, limit } of this.#waiting) {
      limit.abort(`the connection was lost before ${instanceId} answered`);
    }
  }

  /** Resolves with the judgement; never rejects: no answer is a judgement too (`timeout`, `not_sent`, `lost`). */
  async send(
    instanceId: string,
    command: Command,
    { traceId, author = { by: 'orchestrator' } }: { traceId?: string | undefined; author?: CommandAuthor } = {},
  ): Promise<AckJudgement> {
    const { client, leader, bootOf } = this.#options;
    const waiting: Waiting = { instanceId, bootId: bootOf(instanceId), limit: new AbortController() };
    this.#waiting.add(waiting);
    const request = {
      to: 'processors',
      command,
      targets: [instanceId],
      expected: [instanceId],
      timeoutMs: command.command === 'ping' ? answerWithinMs : (this.#options.timeoutMs ?? 45_000),
      leader: leader(),
      author,
      traceId,
      signal: waiting.limit.signal,
    } as const;
    try {
      return judgementOf(instanceId, command, await client.send(request));
    } catch (error) {
      return notSent(command, error);
    } finally {
      this.#waiting.delete(waiting);
    }
  }
}

function judgementOf(instanceId: string, command: Command, result: CommandResult): AckJudgement {
  const [ack] = result.answers;
  if (ack !== undefined) return judgeAck(command, ack);
  if (result.ended === 'aborted') return { done: false, code: 'lost', message: String(result.cause) };
  if (result.ended === 'not_sent') return notSent(command, result.cause);
  return { done: false, code: 'timeout', message: `${instanceId} gave no final answer to ${command.command}` };
}

function notSent(command: Command, cause: unknown): AckJudgement {
  const why = cause instanceof BusError ? `: ${cause.message}` : '';
  return { done: false, code: 'not_sent', message: `the broker did not take ${command.command}${why}` };
}
