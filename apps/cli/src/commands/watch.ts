import { channels } from '@vigilia/protocol';
import { onEndSignal, type ReceivedOf, redactDeep, redactUrl } from '@vigilia/service';
import type { Command } from 'commander';
import { type ConnectionFlags, withConnection } from '../client/connection-options.ts';
import { describeMessage } from '../client/describe-message.ts';
import { withBus } from './with-bus.ts';

const watched = [channels.event, channels.incident, channels.ack] as const;
type Watched = ReceivedOf<(typeof watched)[number] | typeof channels.detections>;

/** `watch`: events, incidents and answers as they happen, until Ctrl-C or until the reader of the output ends. */
export function addWatch(program: Command): void {
  withConnection(program.command('watch'))
    .description('Show events, incidents and answers as they happen (Ctrl-C ends)')
    .option('--detections', 'detections too')
    .addHelpText('after', '\nExamples:\n  vigilia watch\n  vigilia watch --detections --json | jq .payload')
    .action(async (flags: ConnectionFlags & { detections?: boolean }) => {
      await withBus(flags, async (bus, clock) => {
        const ended = new Promise<void>((done) => {
          onEndSignal(() => done());
          process.stdout.once('error', () => done());
        });
        const show = (message: Watched): void => {
          const at = new Date(clock.now()).toISOString();
          const { topic } = message.arrival;
          const line =
            flags.json === true
              ? JSON.stringify({ at, topic, payload: redactDeep(message.value ?? null) })
              : redactUrl(`${at}  ${describeMessage(message)}`);
          process.stdout.write(`${line}\n`);
        };
        await bus.subscribeAll(watched, show);
        if (flags.detections === true) {
          await bus.subscribe(channels.detections, show);
        }
        await ended;
      });
    });
}
