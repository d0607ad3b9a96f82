import type { Ack } from '@vigilia/protocol';

/** How a command that was sent to one or more processors ended. */
export interface AnswerSummary {
  readonly ok: boolean;
  readonly text: string;
}

/** Collects the final answers of the processors that a command was meant for. Pure. */
export class Answers {
  readonly #waiting: Set<string>;
  readonly #command: string;
  readonly final = new Map<string, Ack>();

  constructor(options: { command: string; expected: readonly string[] }) {
    this.#command = options.command;
    this.#waiting = new Set(options.expected);
  }

  take(ack: Ack): void {
    if (ack.ack_status === 'received') return;
    this.#waiting.delete(ack.instance_id);
    this.final.set(ack.instance_id, ack);
  }

  get missing(): string[] {
    return [...this.#waiting].sort();
  }

  get complete(): boolean {
    return this.#waiting.size === 0 && this.final.size > 0;
  }

  /**
   * A broadcast for one room is refused with `unknown_stream` by those who do not have the room: no failure when another
   * completed it.
   */
  summary(): AnswerSummary {
    const acks = [...this.final.values()];
    const completed = acks.filter((ack) => ack.ack_status === 'completed');
    const failed = acks.filter(
      (ack) => ack.ack_status === 'error' && !(ack.error?.code === 'unknown_stream' && completed.length > 0),
    );
    if (failed.length > 0) {
      return {
        ok: false,
        text: failed.map((ack) => `${ack.instance_id}: ${ack.message ?? ack.error?.code ?? 'error'}`).join('\n'),
      };
    }
    if (this.#waiting.size > 0) {
      return { ok: false, text: `No answer to ${this.#command} from ${this.missing.join(', ')}.` };
    }
    if (completed.length === 0) return { ok: false, text: `No processor answered ${this.#command}.` };
    return { ok: true, text: completed.map((ack) => `${ack.instance_id}: ${describe(ack)}`).join('\n') };
  }
}

function describe(ack: Ack): string {
  const gaps = ack.result?.gap_ms;
  if (typeof gaps !== 'object' || gaps === null || Object.keys(gaps).length === 0) return `${ack.command} completed`;
  const parts = Object.entries(gaps).map(
    ([room, ms]) => `room ${room} ${typeof ms === 'number' ? `${Math.round(ms)} ms` : 'no result yet'}`,
  );
  return `${ack.command} completed (longest time without a result: ${parts.join(', ')})`;
}
