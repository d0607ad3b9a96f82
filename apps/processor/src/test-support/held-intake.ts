import { createTopics } from '@vigilia/protocol';
import { captureLogger, eventually, FakeClock } from '@vigilia/testing';
import { Acknowledger } from '../commands/acknowledger.ts';
import { CommandIntake, type CommandRunner } from '../commands/command-intake.ts';
import { CommandQueue } from '../commands/command-queue.ts';
import type { ReceivedCommand } from '../commands/received-command.ts';
import { SeenCommands } from '../commands/seen-commands.ts';
import { createIdentity } from '../publish/identity.ts';
import { busMessage, FakeBus } from './fake-bus.ts';

export const topics = createTopics();

/** A runner whose commands end when the test says so; `quick` ones at once. */
export class HeldRunner implements CommandRunner {
  readonly ran: ReceivedCommand[] = [];
  readonly answeredNames: string[] = [];
  readonly #held: ((error?: Error) => void)[] = [];
  readonly #quick: boolean;

  constructor(quick: boolean) {
    this.#quick = quick;
  }

  isInstant(name: string): boolean {
    return name === 'ping';
  }

  async run(command: ReceivedCommand): Promise<Record<string, unknown>> {
    this.ran.push(command);
    if (!this.#quick && command.name !== 'ping') {
      await new Promise<void>((resolve, reject) => this.#held.push((error) => (error ? reject(error) : resolve())));
    }
    return { ran: this.ran.length };
  }

  answered(command: ReceivedCommand): void {
    this.answeredNames.push(command.name);
  }

  end(error?: Error): void {
    this.#held.shift()?.(error);
  }
}

/** An intake whose commands end when the test says so. */
export function heldIntake(options: { quick?: boolean; role?: 'home' | 'dedicated' } = {}) {
  const bus = new FakeBus();
  const clock = new FakeClock();
  const { logger, lines } = captureLogger();
  const identity = createIdentity({ instanceId: 'a', role: options.role ?? 'home' });
  const runner = new HeldRunner(options.quick ?? true);
  const queue = new CommandQueue({ onError: () => {} });
  const acknowledger = new Acknowledger({ bus, topics, identity, clock });
  const seen = new SeenCommands();
  const intake = new CommandIntake({ identity, clock, logger, acknowledger, queue, seen, runner, prefix: 'nvr' });
  const send = (payload: unknown, more = {}): void => intake.take(busMessage(topics.commands, payload, more));
  const acks = (): [unknown, unknown, unknown?][] =>
    bus.on(topics.ack('a')).map((ack) => {
      const { code } = (ack.error ?? {}) as { code?: string };
      return code === undefined ? [ack.command, ack.ack_status] : [ack.command, ack.ack_status, code];
    });
  const answers = (count: number): Promise<void> => eventually(() => expect(acks()).toHaveLength(count));
  return { bus, clock, runner, queue, send, acks, answers, lines };
}
