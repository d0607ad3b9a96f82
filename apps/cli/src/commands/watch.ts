import { createTopics } from '@vigilia/protocol';
import { redactDeep, redactUrl } from '@vigilia/service';
import type { Command } from 'commander';
import { type ConnectionFlags, withConnection } from '../client/connection-options.ts';
import { withBus } from './with-bus.ts';

/** `watch`: events, incidents and answers as they happen, until Ctrl-C. */
export function addWatch(program: Command): void {
  withConnection(program.command('watch'))
    .description('Show events, incidents and answers as they happen (Ctrl-C ends)')
    .option('--detections', 'detections too')
    .addHelpText('after', '\nExamples:\n  vigilia watch\n  vigilia watch --detections --json | jq .payload')
    .action(async (flags: ConnectionFlags & { detections?: boolean }) => {
      await withBus(flags, async (bus, clock) => {
        const topics = createTopics(flags.topicPrefix);
        const filters = [
          topics.eventAny,
          topics.incidentAny,
          topics.ackAny,
          ...(flags.detections === true ? [topics.detectionsAny] : []),
        ];
        const interrupted = new Promise<void>((done) => process.once('SIGINT', () => done()));
        for (const filter of filters) {
          await bus.subscribe(filter, (message) => {
            const text = message.payload.toString();
            const at = new Date(clock.now()).toISOString();
            const line =
              flags.json === true
                ? JSON.stringify({ at, topic: message.topic, payload: redactDeep(asJson(text)) })
                : `${at}  ${message.topic}  ${redactUrl(text)}`;
            process.stdout.write(`${line}\n`);
          });
        }
        await interrupted;
      });
    });
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
