import { type Command, channels, createTopics } from '@vigilia/protocol';
import { captureLogger, eventually, FakeClock } from '@vigilia/testing';
import { AckPublisher, WAITING_ANSWERS } from '../commands/ack-publisher.ts';
import { CommandIntake, type CommandRunner } from '../commands/command-intake.ts';
import { CommandQueue } from '../commands/command-queue.ts';
import { LeaderTerm } from '../commands/leader-term.ts';
import type { ReceivedCommand } from '../commands/received-command.ts';
import { SeenCommands } from '../commands/seen-commands.ts';
import { createIdentity } from '../publish/identity.ts';
import { channelBus, FakeBus } from './fake-bus.ts';

export const topics = createTopics();

/** A runner whose commands end when the test ends them; `quick` ones at once. */
class HeldRunner implements CommandRunner {
  readonly ran: ReceivedCommand[] = [];
  readonly answeredNames: string[] = [];
  readonly #held: ((error?: Error) => void)[] = [];
  readonly #quick: boolean;

  constructor(quick: boolean) {
    this.#quick = quick;
  }

  isInstant({ command }: Command): boolean {
    return command === 'ping';
  }

  async run(command: ReceivedCommand): Promise<Record<string, unknown>> {
    this.ran.push(command);
    if (!this.#quick && command.name !== 'ping') {
      await new Promise<void>((resolve, reject) => this.#held.push((error) => (error ? reject(error) : resolve())));
    }
    return { ran: this.ran.length };
  }

  answered({ command }: Command): void {
    this.answeredNames.push(command);
  }

  end(error?: Error): void {
    this.#held.shift()?.(error);
  }
}

/** An intake whose commands end when the test ends them. */
export async function heldIntake(
  options: { quick?: boolean; role?: 'home' | 'dedicated'; bus?: FakeBus; mostWaiting?: number } = {},
) {
  const { bus = new FakeBus(), mostWaiting = WAITING_ANSWERS } = options;
  const typed = channelBus(bus);
  const leader = new LeaderTerm({ bus: typed });
  await leader.start();
  const clock = new FakeClock();
  const { logger, lines } = captureLogger();
  const identity = createIdentity({ instanceId: 'a', role: options.role ?? 'home' });
  const runner = new HeldRunner(options.quick ?? true);
  const queue = new CommandQueue({ onError: () => {} });
  const ackPublisher = new AckPublisher({ bus: typed, identity, clock, mostWaiting });
  const seen = new SeenCommands();
  const intake = new CommandIntake({ identity, clock, logger, ackPublisher, queue, seen, runner, leader });
  await typed.subscribe(channels.commands, (message) => intake.take(message), {
    onRejected: (message) => intake.takeRejected(message),
  });
  const send = (payload: unknown, more = {}): void => bus.deliver(topics.commands, payload, more);
  const acks = (): [unknown, unknown, unknown?][] =>
    bus.on(topics.ack('a')).map((ack) => {
      const { code } = (ack.error ?? {}) as { code?: string };
      return code === undefined ? [ack.command, ack.ack_status] : [ack.command, ack.ack_status, code];
    });
  const answers = (count: number): Promise<void> => eventually(() => expect(acks()).toHaveLength(count));
  return { bus, clock, runner, queue, send, acks, answers, lines };
}
