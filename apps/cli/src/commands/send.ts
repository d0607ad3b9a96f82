import { commandNames } from '@vigilia/protocol';
import { EXIT } from '@vigilia/service';
import { Argument, type Command } from 'commander';
import { type ConnectionFlags, withConnection } from '../client/connection-options.ts';
import { parseSeconds } from '../client/parse-seconds.ts';
import { withProgress } from '../client/progress.ts';
import { parseParams } from '../send/parse-params.ts';
import { sendCommand } from '../send/send-command.ts';
import { printLine, withBus } from './with-bus.ts';

interface SendFlags extends ConnectionFlags {
  readonly param: string[];
  readonly to: string[];
  readonly wait?: boolean;
  readonly timeout: string;
}

export function addSend(program: Command): void {
  const command = new Argument('<command>', 'one of docs/commands.md');
  command.argChoices = [...commandNames];
  withConnection(program.command('send').addArgument(command))
    .description('Send a command to the processors')
    .option('--param <name=value>', 'a parameter; may be given more than once', gather, [])
    .option('--to <instance>', 'only to this processor; may be given more than once', gather, [])
    .option('--wait', 'wait for the answers; exit code 1 when one failed')
    .option('--timeout <seconds>', 'how long to wait', '45')
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
      const summary = await withProgress(`waiting for the answers to ${command}`, () =>
        withBus(flags, (bus, clock) => sendCommand({ bus, clock, command, params, to: flags.to, waitMs })),
      );
      printLine(flags, summary.text, summary);
      if (!summary.ok) {
        process.exitCode = EXIT.failure;
      }
    });
}

function gather(value: string, before: string[]): string[] {
  return [...before, value];
}
