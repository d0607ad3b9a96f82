import { userInfo } from 'node:os';
import { type Ack, incidentOutcomes, type OrchestratorCommandName } from '@vigilia/protocol';
import { EXIT } from '@vigilia/service';
import { type Command, Option } from 'commander';
import { askOrchestrator } from '../client/ask-orchestrator.ts';
import { type ConnectionFlags, withConnection } from '../client/connection-options.ts';
import { parseRoom } from '../client/parse-room.ts';
import { withProgress } from '../client/progress.ts';
import { printLine, withBus } from './with-bus.ts';

interface CareFlags extends ConnectionFlags {
  readonly by: string;
  readonly outcome?: string;
  readonly cause?: string;
  readonly note?: string;
  readonly confirmed?: boolean;
  readonly withAlerts?: boolean;
  readonly incident?: string;
}

interface CareVerb {
  readonly command: OrchestratorCommandName;
  readonly description: string;
  readonly example?: string;
  readonly options?: readonly Option[];
}

const verbs: Readonly<Record<string, CareVerb>> = {
  ack: {
    command: 'acknowledge',
    description: 'Acknowledge the incident of a room: a person is on the way',
  },
  resolve: {
    command: 'resolve',
    description: 'Give the verdict on the incident of a room and close it',
    example: ' --outcome false_alarm',
    options: [
      new Option('--outcome <outcome>', 'what you found; otherwise unknown').choices(incidentOutcomes),
      new Option('--cause <words>', 'why the person fell, or what caused the alarm'),
      new Option('--note <text>', 'anything that others should know'),
      new Option('--incident <id>', 'an incident of the room that is closed already; see "vigilia incidents"'),
      new Option('--confirmed', 'close it although a person is still seen on the floor'),
    ],
  },
  'undo-verdict': {
    command: 'undo_verdict',
    description: 'Take back the verdict of the last ten minutes; the incident and its alarm are as before',
  },
  release: {
    command: 'release',
    description: 'End the dedicated watch of a room now; the incident stays open',
  },
  drill: {
    command: 'drill',
    description: 'Run the whole chain for a room, marked as a drill',
    example: ' --with-alerts',
    options: [new Option('--with-alerts', 'notify people as a fall does, and report who reacted when')],
  },
};

/** `ack`, `resolve`, `undo-verdict`, `release`, `drill`: a person's commands to the orchestrator about a room. */
export function addCare(program: Command): void {
  for (const [name, { command, description, example = '', options = [] }] of Object.entries(verbs)) {
    const verb = withConnection(program.command(`${name} <room>`))
      .description(description)
      .option('--by <name>', 'who reports it', userInfo().username)
      .addHelpText('after', `\nExample:\n  vigilia ${name} 2 --by Ana${example}`);
    for (const option of options) {
      verb.addOption(option);
    }
    verb.action((room: string, flags: CareFlags) => tell(command, room, flags));
  }
}

async function tell(command: OrchestratorCommandName, room: string, flags: CareFlags): Promise<void> {
  const { by, outcome, cause, note, confirmed, withAlerts, incident } = flags;
  const given = { outcome, cause, note, confirmed, with_alerts: withAlerts, incident_id: incident };
  const params = {
    source_id: parseRoom(room),
    by,
    via: 'cli',
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
  const answer = await withProgress('waiting for the orchestrator', () =>
    withBus(flags, (bus, clock) => askOrchestrator({ bus, clock, command, params })),
  );
  printLine(flags, textOf(answer, command), answer ?? { error: 'timeout' });
  if (answer?.ack_status !== 'completed') {
    process.exitCode = EXIT.failure;
  }
}

function textOf(answer: Ack | undefined, command: string): string {
  if (answer === undefined) return 'No answer from the orchestrator: is it running?';
  const text = answer.message ?? `${command} ${answer.ack_status}`;
  const needsFlag = answer.error?.code === 'confirmation_required';
  return needsFlag ? `${text} On the command line: --confirmed.` : text;
}
