import { commandNames } from '@vigilia/protocol';
import { EXIT, UsageError } from '@vigilia/service';
import { Argument, type Command } from 'commander';
import { type ConnectionFlags, withConnection } from '../client/connection-options.ts';
import { parseSeconds } from '../client/parse-seconds.ts';
import { withProgress } from '../client/progress.ts';
import { confirm } from '../rooms/confirm.ts';
import { parseParams } from '../send/parse-params.ts';
import { sendCommand } from '../send/send-command.ts';
import { printLine, withBus } from './with-bus.ts';

interface SendFlags extends ConnectionFlags {
  readonly param: string[];
  readonly to: string[];
  readonly wait?: boolean;
  readonly timeout: string;
  readonly yes?: boolean;
}

/** What a command means for those who rely on the rooms; the others need no question. */
const consequences: Readonly<Record<string, string>> = {
  stop: 'Processors that stop monitor no room until they are started again',
  pause: 'Falls are not seen in the rooms of paused processors until `resume`',
  remove_stream: 'Falls in the room are not seen any more',
};

export function addSend(program: Command): void {
  const command = new Argument('<command>', 'one of docs/commands.md');
  command.argChoices = [...commandNames];
  withConnection(program.command('send').addArgument(command))
    .description('Send a command to the processors')
    .option('--param <name=value>', 'a parameter; may be given more than once', gather, [])
    .option('--to <instance>', 'only to this processor; may be given more than once', gather, [])
    .option('--wait', 'wait for the answers; exit code 1 when one failed')
    .option('--timeout <seconds>', 'how long to wait', '45')
    .option('--yes', 'do not ask before stop, pause and remove_stream')
    .addHelpText(
      'after',
      `
Examples:
  vigilia send set_fps --param max_fps=1 --wait
  vigilia send add_stream --param source_id=8 --to processor-a --wait
  vigilia send change_model --param model_id=yolov11x-640 --param source_id=2`,
    )
    .action(async (command: string, flags: SendFlags) => {
      const waitMs = flags.wait === true ? parseSeconds(flags.timeout) * 1000 : undefined;
      const params = parseParams(flags.param);
      await requireMeant(command, params, flags);
      const summary = await withProgress(`waiting for the answers to ${command}`, () =>
        withBus(flags, (bus, clock) => sendCommand({ bus, clock, command, params, to: flags.to, waitMs })),
      );
      printLine(flags, summary.text, summary);
      if (!summary.ok) {
        process.exitCode = EXIT.failure;
      }
    });
}

/** @throws UsageError `target_required`; those of `confirm` */
async function requireMeant(command: string, params: Record<string, unknown>, { to, yes }: SendFlags): Promise<void> {
  if (command === 'add_stream' && to.length === 0) {
    throw new UsageError({
      code: 'target_required',
      message: 'add_stream without --to gives the room to all homes.',
      remedy: `Name one processor with --to, or use "vigilia room add ${String(params.source_id ?? 'ROOM')}", which chooses one.`,
    });
  }
  const consequence = consequences[command];
  if (consequence === undefined || yes === true) return;
  const room = params.source_id === undefined ? '' : ` (room ${String(params.source_id)})`;
  const receivers = to.length === 0 ? 'all homes' : to.join(', ');
  await confirm(`${consequence}${room}. Send ${command} to ${receivers}?`);
}

function gather(value: string, before: string[]): string[] {
  return [...before, value];
}
