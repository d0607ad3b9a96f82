import { randomUUID } from 'node:crypto';
import {
  ackSchema,
  type CommandMessage,
  commandNames,
  createTopics,
  isCommandName,
  parseCommand,
  statusSchema,
} from '@vigilia/protocol';
import { type Bus, type Clock, UsageError } from '@vigilia/service';
import { Answers, type Verdict } from './answers.ts';

/** How long retained statuses may take to arrive after subscribing, ms. */
const gatherMs = 400;

/**
 * Sends a command to processors and, with `wait`, gathers their answers.
 * @throws UsageError for an unknown command or wrong parameters: nothing is sent then.
 */
export async function sendCommand(o: {
  bus: Bus;
  clock: Clock;
  prefix: string;
  command: string;
  params: Record<string, unknown>;
  to: readonly string[];
  waitMs: number | undefined;
}): Promise<Verdict> {
  const { bus, clock, command, params, to } = o;
  checkCommand(command, params);
  const topics = createTopics(o.prefix);
  const message: CommandMessage = {
    command,
    params,
    command_id: randomUUID(),
    trace_id: randomUUID(),
    ...(to.length === 0 ? {} : { target_instances: to }),
  };
  if (o.waitMs === undefined) {
    await bus.publish(topics.commands, message);
    return { ok: true, text: `${command} sent (command_id ${message.command_id})` };
  }
  const expected = to.length > 0 ? to : await liveHomes(bus, clock, topics.statusAny);
  if (expected.length === 0) return { ok: false, text: 'No processor is online: nobody could answer.' };
  const answers = new Answers({ command, expected });
  await bus.subscribe(topics.ackAny, (received) => {
    const ack = ackSchema.safeParse(received.json());
    if (ack.success && ack.data.command_id === message.command_id) answers.take(ack.data);
  });
  await bus.publish(topics.commands, message);
  const endMs = clock.monotonic() + o.waitMs;
  while (!answers.complete && clock.monotonic() < endMs) await clock.sleep(50);
  return answers.verdict();
}

function checkCommand(command: string, params: Record<string, unknown>): void {
  try {
    parseCommand(command, params);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError({
      code: isCommandName(command) ? 'invalid_params' : 'unknown_command',
      message,
      remedy: isCommandName(command)
        ? 'See docs/commands.md for its parameters.'
        : `Use one of ${commandNames.join(', ')}.`,
      cause,
    });
  }
}

/** The processors that a broadcast is meant for: online, and not dedicated (those obey only commands that name them). */
async function liveHomes(bus: Bus, clock: Clock, filter: string): Promise<string[]> {
  const homes = new Set<string>();
  await bus.subscribe(filter, (message) => {
    if (message.payload.length === 0) return;
    const status = statusSchema.safeParse(message.json());
    if (!status.success || status.data.role === 'dedicated') return;
    if (status.data.status === 'offline') homes.delete(status.data.instance_id);
    else homes.add(status.data.instance_id);
  });
  await clock.sleep(gatherMs);
  return [...homes];
}
