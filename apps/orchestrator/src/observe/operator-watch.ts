import { isDeepStrictEqual } from 'node:util';
import { type Ack, addresses, type Command, type CommandEnvelope, parseCommand } from '@vigilia/protocol';

/** Command ids of any orchestrator begin with this, so that one that was restarted knows its own. */
export const ownCommandPrefix = 'orchestrator-';

const kept = 500;
const keptForMs = 600_000;
/** A processor says `received` at once; a command that it was not there to hear must not be taken for a later one. */
const receivedWithinMs = 10_000;
/** It says that it is ready a moment after it has begun to listen. */
const readyLateMs = 100;

interface Seen {
  readonly envelope: CommandEnvelope;
  readonly atMs: number;
  /** Processors that took it, for commands without an id. */
  readonly takenBy: Set<string>;
}

/**
 * Joins other people's commands with their ACKs. Commands typed by hand have no id: a processor makes one and says it in
 * its ACK `received`, in the order in which the commands came; from there on the id holds.
 */
export class OperatorWatch {
  #commands: Seen[] = [];
  readonly #bound = new Map<string, CommandEnvelope>();

  /** @param dup the broker says that it sent it before: it is the one that was heard, unless that never came */
  command(envelope: CommandEnvelope, dup: boolean, nowMs: number): void {
    if (envelope.command_id?.startsWith(ownCommandPrefix)) return;
    this.#commands = this.#commands.filter((one) => nowMs - one.atMs < keptForMs).slice(-kept);
    if (dup && this.#commands.some((one) => isDeepStrictEqual(one.envelope, envelope))) return;
    this.#commands.push({ envelope, atMs: nowMs, takenBy: new Set() });
  }

  /**
   * What the ACK says somebody else changed; undefined for our own, for failures and for `received`.
   * @param readyMs since when the processor listens to commands, where that is known
   */
  ack(ack: Ack, nowMs: number, readyMs = Number.NEGATIVE_INFINITY): Command[] | undefined {
    if (ack.command_id.startsWith(ownCommandPrefix)) return undefined;
    const key = `${ack.instance_id} ${ack.command_id}`;
    if (!this.#bound.has(key)) {
      const found = this.#find(ack, nowMs, readyMs);
      if (found !== undefined) this.#bound.set(key, found);
    }
    if (ack.ack_status === 'received') return undefined;
    const envelope = this.#bound.get(key);
    this.#bound.delete(key);
    if (ack.ack_status === 'error' || envelope === undefined) return undefined;
    try {
      return [parseCommand(envelope.command, envelope.params)];
    } catch {
      return undefined;
    }
  }

  #find(ack: Ack, nowMs: number, readyMs: number): CommandEnvelope | undefined {
    const meant = this.#commands.find(({ envelope, atMs, takenBy }) => {
      if (envelope.command !== ack.command || takenBy.has(ack.instance_id)) return false;
      if (addresses(envelope, ack.instance_id) === false) return false;
      if (envelope.command_id === undefined) return nowMs - atMs <= receivedWithinMs && atMs >= readyMs - readyLateMs;
      return envelope.command_id === ack.command_id;
    });
    meant?.takenBy.add(ack.instance_id);
    return meant?.envelope;
  }
}
