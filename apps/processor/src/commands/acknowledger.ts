import type { Ack, CommandError, Topics } from '@vigilia/protocol';
import { type Bus, type Clock, redactDeep } from '@vigilia/service';
import type { Identity } from '../publish/identity.ts';
import type { ReceivedCommand, ReplyTo } from './received-command.ts';

export interface AcknowledgerOptions {
  readonly bus: Bus;
  readonly topics: Topics;
  readonly identity: Identity;
  readonly clock: Clock;
}

type Answer = Pick<Ack, 'ack_status' | 'message' | 'error' | 'result'>;

/** Answers commands: on the own topic, on the shared one, and wherever the request wanted the answer. */
export class Acknowledger {
  readonly #options: AcknowledgerOptions;

  constructor(options: AcknowledgerOptions) {
    this.#options = options;
  }

  received(command: ReceivedCommand, replyTo: readonly ReplyTo[]): void {
    this.send(this.#ack(command, { ack_status: 'received' }), command, replyTo);
  }

  completed(command: ReceivedCommand, result: Record<string, unknown> | undefined, replyTo: readonly ReplyTo[]): Ack {
    const answer: Answer = { ack_status: 'completed', ...(result !== undefined && { result }) };
    return this.send(this.#ack(command, answer), command, replyTo);
  }

  failed(command: ReceivedCommand, error: CommandError, replyTo: readonly ReplyTo[]): Ack {
    const { code, field, message } = error;
    const answer: Answer = { ack_status: 'error', message, error: { code, ...(field !== undefined && { field }) } };
    return this.send(this.#ack(command, answer), command, replyTo);
  }

  /** Publishes an answer, also one that was given before. */
  send(ack: Ack, command: Pick<ReceivedCommand, 'receivedAs'>, replyTo: readonly ReplyTo[]): Ack {
    const { bus, topics, identity } = this.#options;
    const own = new Set([topics.ack(command.receivedAs), topics.ack(identity.instanceId)]);
    for (const topic of [...own, topics.ackShared]) void bus.publish(topic, ack);
    for (const { topic, correlationData } of replyTo) {
      void bus.publish(topic, ack, correlationData === undefined ? {} : { correlationData });
    }
    return ack;
  }

  /** Without the credentials of addresses: an error names the parameter that it refuses. */
  #ack(command: ReceivedCommand, answer: Answer): Ack {
    const { identity, clock } = this.#options;
    const ack: Ack = {
      instance_id: identity.instanceId,
      client_id: identity.instanceId,
      command: command.name,
      command_id: command.commandId,
      timestamp: new Date(clock.now()).toISOString(),
      ...answer,
      ...(command.traceId !== undefined && { trace_id: command.traceId }),
    };
    return redactDeep(ack) as Ack;
  }
}
