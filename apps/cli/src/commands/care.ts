import { userInfo } from 'node:os';
import { incidentOutcomes, type OrchestratorCommandName } from '@vigilia/protocol';
import { EXIT } from '@vigilia/service';
import { type Command, Option } from 'commander';
import { askOrchestrator } from '../client/ask-orchestrator.ts';
import { type ConnectionFlags, withConnection } from '../client/connection-options.ts';
import { parseRoom } from '../client/parse-room.ts';
import { withProgress } from '../client/progress.ts';
import { say, withBus } from './with-bus.ts';

interface CareFlags extends ConnectionFlags {
  readonly by: string;
  readonly outcome?: string;
}

/** `ack`, `resolve`, `release`, `drill`: what a person says to the orchestrator about a room. */
export function addCare(program: Command): void {
  const verbs: [string, OrchestratorCommandName, string][] = [
    ['ack', 'acknowledge', 'Acknowledge the incident of a room: somebody is on the way'],
    ['resolve', 'resolve', 'Close the incident of a room'],
    ['release', 'release', 'End the dedicated watch of a room now; the incident stays open'],
    ['drill', 'drill', 'Run the whole chain for a room, marked as a drill'],
  ];
  for (const [name, command, description] of verbs) {
    const verb = withConnection(program.command(`${name} <room>`))
      .description(description)
      .option('--by <name>', 'who says so', userInfo().username)
      .addHelpText(
        'after',
        `\nExample:\n  vigilia ${name} 2 --by Ana${name === 'resolve' ? ' --outcome false_alarm' : ''}`,
      );
    if (name === 'resolve') verb.addOption(outcomeOption());
    verb.action(async (room: string, flags: CareFlags) => {
      const params = {
        source_id: parseRoom(room),
        by: flags.by,
        ...(flags.outcome === undefined ? {} : { outcome: flags.outcome }),
      };
      const answer = await withProgress('waiting for the orchestrator', () =>
        withBus(flags, (bus, clock) => askOrchestrator({ bus, clock, command, params })),
      );
      const text =
        answer === undefined
          ? 'No answer from the orchestrator: is it running?'
          : (answer.message ?? `${command} ${answer.ack_status}`);
      say(flags, text, answer ?? { error: 'timeout' });
      if (answer?.ack_status !== 'completed') process.exitCode = EXIT.failure;
    });
  }
}

function outcomeOption(): Option {
  return new Option('--outcome <outcome>', 'how it ended').choices(incidentOutcomes).default('helped');
}
