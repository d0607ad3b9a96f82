import { type Command, channels, isCommandName, parseCommand } from '@vigilia/protocol';
import { type ChannelBus, type Clock, CommandClient, UsageError } from '@vigilia/service';
import { type AnswerSummary, Answers } from './answers.ts';

/** How long retained statuses may take to arrive after subscribing, ms. */
const gatherMs = 400;
/** How long the broker may take to accept a command whose answers are not waited for, ms. */
const sentWithinMs = 10_000;

/**
 * Sends a command to processors and, with `waitMs`, gathers their answers.
 * @throws UsageError for an unknown command or wrong parameters: nothing is sent then.
 */
export async function sendCommand(o: {
  bus: ChannelBus;
  clock: Clock;
  command: string;
  params: Record<string, unknown>;
  to: readonly string[];
  waitMs: number | undefined;
}): Promise<AnswerSummary> {
  const { bus, clock, to, waitMs } = o;
  const command = checkedCommand(o.command, o.params);
  const client = new CommandClient({ bus, clock });
  const request = { to: 'processors', command, targets: to.length === 0 ? undefined : to } as const;
  if (waitMs === undefined) {
    const { commandId } = await client.send({ ...request, expected: 0, timeoutMs: sentWithinMs });
    return { ok: true, text: `${o.command} sent (command_id ${commandId})` };
  }
  const expected = to.length > 0 ? to : await liveHomes(bus, clock);
  if (expected.length === 0)
    return { ok: false, text: 'No processor is online, so the command would not be answered.' };
  const answers = new Answers({ command: o.command, expected });
  const result = await client.send({ ...request, expected, timeoutMs: waitMs });
  for (const ack of result.answers) {
    answers.take(ack);
  }
  return answers.summary();
}

function checkedCommand(command: string, params: Record<string, unknown>): Command {
  try {
    return parseCommand(command, params);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const known = isCommandName(command);
    throw new UsageError({
      code: known ? 'invalid_params' : 'unknown_command',
      message,
      remedy: known ? 'See docs/commands.md for its parameters.' : undefined,
      cause,
    });
  }
}

/** The processors that a broadcast is meant for: online, and not dedicated (those obey only commands that name them). */
async function liveHomes(bus: ChannelBus, clock: Clock): Promise<string[]> {
  const homes = new Set<string>();
  await bus.subscribe(channels.status, ({ value }) => {
    if (value === undefined || value.role === 'dedicated') return;
    if (value.status === 'offline') {
      homes.delete(value.instance_id);
    } else {
      homes.add(value.instance_id);
    }
  });
  await clock.sleep(gatherMs);
  return [...homes];
}
