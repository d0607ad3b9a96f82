import { userInfo } from 'node:os';
import type { OrchestratorCommandName } from '@vigilia/protocol';
import { EXIT } from '@vigilia/service';
import type { Command } from 'commander';
import { askOrchestrator } from '../client/ask-orchestrator.ts';
import { type ConnectionFlags, withConnection } from '../client/connection-options.ts';
import { parseRoom } from '../client/parse-room.ts';
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
      .option('--by <name>', 'who says so', userInfo().username);
    if (name === 'resolve') verb.option('--outcome <outcome>', 'helped, false_alarm or drill', 'helped');
    verb.action(async (room: string, flags: CareFlags) => {
      const params = {
        source_id: parseRoom(room),
        by: flags.by,
        ...(flags.outcome === undefined ? {} : { outcome: flags.outcome }),
      };
      const answer = await withBus(flags, (bus, clock) =>
        askOrchestrator({ bus, clock, prefix: flags.topicPrefix, command, params }),
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
