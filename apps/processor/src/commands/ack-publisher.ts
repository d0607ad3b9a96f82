import { type Ack, type CommandError, channels, withoutUndefined } from '@vigilia/protocol';
import type { ChannelBus, Clock } from '@vigilia/service';
import type { Identity } from '../publish/identity.ts';
import type { Answerable, ReplyTo } from './received-command.ts';

export interface AckPublisherOptions {
  readonly bus: ChannelBus;
  readonly identity: Identity;
  readonly clock: Clock;
  /** Answers that may wait for the broker before further commands have to; 10,000 by default. */
  readonly mostWaiting?: number;
}

export const WAITING_ANSWERS = 10_000;

type Answer = Pick<Ack, 'ack_status' | 'message' | 'error' | 'result'>;

/** Answers commands: on the own topic, on the shared one, and wherever the request wanted the answer. */
export class AckPublisher {
  readonly #options: AckPublisherOptions;
  readonly #mostWaiting: number;
  #waiting = 0;
  #roomWanted: (() => void)[] = [];

  constructor(options: AckPublisherOptions) {
    this.#options = options;
    this.#mostWaiting = options.mostWaiting ?? WAITING_ANSWERS;
  }

  /** Resolves when the answers to another command fit; `undefined` when they fit now. */
  roomForAnswers(): Promise<void> | undefined {
    if (this.#waiting < this.#mostWaiting) return undefined;
    return new Promise((resolve) => this.#roomWanted.push(resolve));
  }

  received(command: Answerable, replyTo: ReplyTo): void {
    this.send(this.#ack(command, { ack_status: 'received' }), command, replyTo);
  }

  completed(command: Answerable, result: Record<string, unknown> | undefined, replyTo: ReplyTo): Ack {
    const answer: Answer = withoutUndefined({ ack_status: 'completed', result });
    return this.send(this.#ack(command, answer), command, replyTo);
  }

  failed(command: Answerable, error: CommandError, replyTo: ReplyTo): Ack {
    const { code, field, message } = error;
    const answer: Answer = { ack_status: 'error', message, error: withoutUndefined({ code, field }) };
    return this.send(this.#ack(command, answer), command, replyTo);
  }

  /** Publishes an answer, also one that was given before. Never waits: an answer that cannot be sent stops nothing. */
  send(ack: Ack, { receivedAs }: Pick<Answerable, 'receivedAs'>, replyTo: ReplyTo): Ack {
    const { bus, identity } = this.#options;
    for (const name of new Set([receivedAs, identity.instanceId])) {
      this.#track(bus.publish(channels.ack, { instance_id: name }, { ...ack, instance_id: name, client_id: name }));
    }
    this.#track(bus.publish(channels.ackShared, {}, ack));
    for (const address of replyTo) {
      bus.reply(address, ack);
    }
    return ack;
  }

  #track(publishing: Promise<void>): void {
    this.#waiting += 1;
    const done = (): void => {
      this.#waiting -= 1;
      if (this.#waiting >= this.#mostWaiting) return;
      for (const resolve of this.#roomWanted.splice(0)) {
        resolve();
      }
    };
    publishing.then(done, done);
  }

  #ack(command: Answerable, answer: Answer): Ack {
    const { identity, clock } = this.#options;
    return withoutUndefined({
      instance_id: identity.instanceId,
      client_id: identity.instanceId,
      command: command.name,
      command_id: command.commandId,
      timestamp: new Date(clock.now()).toISOString(),
      ...answer,
      trace_id: command.traceId,
    });
  }
}
