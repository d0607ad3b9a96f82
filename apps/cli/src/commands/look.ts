import type { Command } from 'commander';
import { type BrokerState, readBrokerState } from '../client/broker-state.ts';
import { type ConnectionFlags, withConnection } from '../client/connection-options.ts';
import { incidentsTable, processorsTable, roomsTable } from '../client/tables.ts';
import { checkRooms } from './check-rooms.ts';
import { checkSite } from './check-site.ts';
import { printLine, withBus } from './with-bus.ts';

interface LookFlags extends ConnectionFlags {
  readonly check?: boolean;
}

/** What is known only after listening: a silent room is one that its processor calls monitored. */
const checks: Readonly<Record<string, { description: string; run: (flags: ConnectionFlags) => Promise<void> }>> = {
  status: {
    description: 'judge the whole site: each fault with its remedy; exit code 1 when there is one',
    run: checkSite,
  },
  rooms: {
    description: 'listen to each room and show its condition as the page does; exit code 1 when one is not watched',
    run: checkRooms,
  },
};

/** `status`, `rooms`, `incidents`: what the broker retains, as a table or JSON. */
export function addLooks(program: Command): void {
  const looks: [string, string, (state: BrokerState) => string, (state: BrokerState) => unknown][] = [
    ['status', 'Processors: state, rooms and models', (s) => processorsTable(s.processors), (s) => s.processors],
    ['rooms', 'Rooms: who monitors them, and how', roomsTable, (s) => ({ rooms: s.rooms, processors: s.processors })],
    ['incidents', 'Incidents, the newest first', (s) => incidentsTable(s.incidents), (s) => s.incidents],
  ];
  for (const [name, description, text, value] of looks) {
    const command = withConnection(program.command(name)).description(description);
    const check = checks[name];
    if (check !== undefined) {
      command.option('--check', check.description);
    }
    command
      .addHelpText('after', `\nExamples:\n  vigilia ${name}\n  vigilia ${name} --json --mqtt-url mqtt://broker:1883`)
      .action(async (flags: LookFlags) => {
        if (flags.check === true) {
          await check?.run(flags);
          return;
        }
        const state = await withBus(flags, (bus, clock) => readBrokerState(bus, clock));
        printLine(flags, text(state), value(state));
      });
  }
}
