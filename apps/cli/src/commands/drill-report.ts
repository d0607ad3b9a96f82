import { type AlertState, channels } from '@vigilia/protocol';
import { EXIT } from '@vigilia/service';
import type { Command } from 'commander';
import { type ConnectionFlags, withConnection } from '../client/connection-options.ts';
import { parseRoom } from '../client/parse-room.ts';
import { table } from '../client/tables.ts';
import { printLine, withBus } from './with-bus.ts';

/** The broker sends what it retains at once after a subscription. */
const gatherMs = 600;

/** `drill-report ROOM`: who was notified and who reacted when in the last drill of a room. */
export function addDrillReport(program: Command): void {
  withConnection(program.command('drill-report <room>'))
    .description('Show who was notified and who reacted when in the last drill of a room')
    .addHelpText('after', '\nExamples:\n  vigilia drill-report 2\n  vigilia drill-report 2 --json')
    .action(async (room: string, flags: ConnectionFlags) => {
      const sourceId = parseRoom(room);
      const drills: AlertState[] = [];
      await withBus(flags, async (bus, clock) => {
        await bus.subscribe(channels.alert, ({ value }) => {
          if (value?.drill === true && value.source_id === sourceId) {
            drills.push(value);
          }
        });
        await clock.sleep(gatherMs);
      });
      const last = drills.sort((a, b) => a.opened_at.localeCompare(b.opened_at)).at(-1);
      if (last === undefined) {
        process.exitCode = EXIT.failure;
      }
      const none = `No drill in room ${sourceId} within the last 24 hours. Start one with "vigilia drill ${sourceId} --with-alerts".`;
      printLine(flags, last === undefined ? none : drillReportText(last), last ?? { error: 'no_drill' });
    });
}

/** Returns the report of a drill as a table: seconds since it began, and what happened, in order. */
export function drillReportText(drill: AlertState): string {
  const sinceMs = (at: string): number => Date.parse(at) - Date.parse(drill.opened_at);
  const notices = drill.notified.map(({ target, step, state, at, sent_at: sentAt }) => {
    const what = state === 'sent' ? 'notified' : 'not reached';
    return { afterMs: sinceMs(sentAt ?? at), who: target, what: `${what} (${step})`, via: '' };
  });
  const reactions = drill.reactions.map(({ who, what, at, via = '' }) => ({ afterMs: sinceMs(at), who, what, via }));
  const rows = [...notices, ...reactions]
    .sort((a, b) => a.afterMs - b.afterMs)
    .map(({ afterMs, who, what, via }) => [`${Math.round(afterMs / 1000)} s`, who, what, via]);
  const room =
    drill.room_name === undefined ? `room ${drill.source_id}` : `${drill.room_name} (room ${drill.source_id})`;
  const state =
    drill.closed_at === undefined ? 'still running' : `lasted ${Math.round(sinceMs(drill.closed_at) / 1000)} s`;
  const because = drill.end_reason === undefined ? '' : `, ended because ${drill.end_reason}`;
  return `Drill in ${room} of ${drill.opened_at}, ${state}${because}.\n${table([['AFTER', 'WHO', 'WHAT', 'VIA'], ...rows])}`;
}
