import type { Ack } from '@vigilia/protocol';
import type { ReplyAddress } from '@vigilia/service';
import type { ReplyTo } from './received-command.ts';

/** A `command_id` that came before. */
export interface SeenCommand {
  readonly atMs: number;
  readonly name: string;
  readonly params: unknown;
  /** Once it is answered. */
  final?: Ack;
  /** Response topics of all senders, until it is answered. */
  readonly replyTo: ReplyAddress[];
  /** How often it came again. */
  repeats: number;
}

export interface SeenLimits {
  readonly maxAgeMs: number;
  readonly maxCount: number;
}

const defaultSeenLimits: SeenLimits = { maxAgeMs: 3_600_000, maxCount: 1_000 };

/** The commands of the last hour by `command_id`: one that comes again runs once and gets its answer again. */
export class SeenCommands {
  readonly #limits: SeenLimits;
  // a Map keeps the order of insertion: the oldest is first
  readonly #seen = new Map<string, SeenCommand>();

  constructor(limits: SeenLimits = defaultSeenLimits) {
    this.#limits = limits;
  }

  /** @param nowMs monotonic, ms. */
  find(commandId: string, nowMs: number): SeenCommand | undefined {
    this.#forget(nowMs);
    return this.#seen.get(commandId);
  }

  add(
    commandId: string,
    nowMs: number,
    { name, params, replyTo }: Pick<SeenCommand, 'name' | 'params'> & { readonly replyTo: ReplyTo },
  ): SeenCommand {
    const entry: SeenCommand = { atMs: nowMs, repeats: 0, name, params, replyTo: [...replyTo] };
    this.#seen.set(commandId, entry);
    this.#forget(nowMs);
    return entry;
  }

  #forget(nowMs: number): void {
    for (const [commandId, entry] of this.#seen) {
      const old = nowMs - entry.atMs > this.#limits.maxAgeMs;
      // one that is still waiting is never forgotten: its answer would go nowhere
      if (entry.final !== undefined && (old || this.#seen.size > this.#limits.maxCount)) {
        this.#seen.delete(commandId);
      } else if (!old && this.#seen.size <= this.#limits.maxCount) return;
    }
  }
}
