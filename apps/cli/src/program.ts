import { EXIT, ExitRequest, parseSettings, redactUrl, version } from '@vigilia/service';
import { Argument, Command } from 'commander';
import { addAlerts } from './alerts/alerts-command.ts';
import { addBackup } from './commands/backup.ts';
import { addCare } from './commands/care.ts';
import { addCompletion } from './commands/completion.ts';
import { addDoctor } from './commands/doctor.ts';
import { addDrillReport } from './commands/drill-report.ts';
import { addLooks } from './commands/look.ts';
import { addModels } from './commands/models.ts';
import { addRooms } from './commands/room.ts';
import { addSend } from './commands/send.ts';
import { addSupport } from './commands/support.ts';
import { addWatch } from './commands/watch.ts';
import { addZones } from './commands/zones.ts';
import { reportCommand, type ServiceCommand, services } from './services.ts';
import { startSettings } from './start/start-settings.ts';

/** The command line `vigilia`. Services and `start` read their own flags; everything else is here. */
export function createProgram(): Command {
  const program = new Command('vigilia')
    .description('Watches every room cheaply, and gives the room of a fall the best model at once.')
    .version(version, '--version', 'show the version')
    .helpCommand(true)
    .enablePositionalOptions()
    .showHelpAfterError('See vigilia --help.')
    // a mistake is shown with the words that were typed
    .configureOutput({ writeErr: (text) => void process.stderr.write(redactUrl(text)) })
    // subcommands inherit it; help that was asked for ends with 0 as well
    .exitOverride((error) => {
      throw new ExitRequest(error.exitCode === 0 ? EXIT.ok : EXIT.usage, error.message.replace(/^error: /, ''));
    })
    .addHelpText(
      'after',
      `
Examples:
  vigilia start                     the demonstration: eight rooms, a fall, everything on this machine
  vigilia start --once              once through its story, then end
  vigilia processor --streams 0 --enable-control --max-fps 0.1
  vigilia send set_fps --param max_fps=1 --wait
  vigilia ack 2 --by Ana

Exit codes: 0 done, 1 it failed, 2 a wrong flag or value, 3 another process took over the session, 130 interrupted.`,
    );
  passThrough(program, 'start', startCommand);
  for (const [name, service] of Object.entries(services)) {
    passThrough(program, name, service);
  }
  passThrough(program, 'report', reportCommand);
  addSend(program);
  addLooks(program);
  addRooms(program);
  addWatch(program);
  addCare(program);
  addDrillReport(program);
  addModels(program);
  addZones(program);
  addAlerts(program);
  addDoctor(program);
  addBackup(program);
  addSupport(program);
  addCompletion(program);
  return program;
}

const startCommand: ServiceCommand = {
  summary: 'Start all services on this machine',
  words: Object.values(startSettings.table).map(({ flag }) => flag.split(' ')[0] ?? ''),
  examples: [
    'vigilia start',
    'vigilia start --once --json',
    'vigilia start --stream-server rtsp://host:8554 --rooms 0-7',
  ],
  load: async () => ({
    main: async (argv, env) => {
      const settings = parseSettings(startSettings, argv, env);
      const { runStart } = await import('./start/run-start.ts');
      const { untilSignal } = await import('./start/until-signal.ts');
      process.exit(await untilSignal((signal) => runStart(settings, signal)));
    },
  }),
};

/** A subcommand that gets everything after its name, `--help` included, to which the examples are added. */
function passThrough(program: Command, name: string, { summary, alias, words, examples, load }: ServiceCommand): void {
  const rest = new Argument('[arguments...]');
  rest.argChoices = [...words, '--help'];
  const command = program
    .command(name)
    .addArgument(rest)
    .summary(summary)
    .description(summary)
    .allowUnknownOption()
    .helpOption(false)
    .passThroughOptions()
    .action(async (argv: string[]) => {
      const app = await load();
      try {
        await app.main(argv, process.env);
      } catch (error) {
        const helped = error instanceof ExitRequest && error.exitCode === EXIT.ok;
        if (helped) {
          process.stdout.write(`\nExamples:\n${examples.map((one) => `  ${one}\n`).join('')}`);
        }
        throw error;
      }
    });
  if (alias !== undefined) {
    command.alias(alias);
  }
}
