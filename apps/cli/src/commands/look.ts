import type { Command } from 'commander';
import { type BrokerState, readBrokerState } from '../client/broker-state.ts';
import { type ConnectionFlags, withConnection } from '../client/connection-options.ts';
import { incidentsTable, processorsTable, roomsTable } from '../client/tables.ts';
import { checkSite } from './check-site.ts';
import { printLine, withBus } from './with-bus.ts';

interface LookFlags extends ConnectionFlags {
  readonly check?: boolean;
}

/** `status`, `rooms`, `incidents`: what the broker retains, as a table or JSON. */
export function addLooks(program: Command): void {
  const looks: [string, string, (state: BrokerState) => string, (state: BrokerState) => unknown][] = [
    ['status', 'Processors: state, rooms and models', (s) => processorsTable(s.processors), (s) => s.processors],
    ['rooms', 'Rooms: who monitors them, and how', roomsTable, (s) => ({ rooms: s.rooms, processors: s.processors })],
    ['incidents', 'Incidents, the newest first', (s) => incidentsTable(s.incidents), (s) => s.incidents],
  ];
  for (const [name, description, text, value] of looks) {
    const command = withConnection(program.command(name)).description(description);
    if (name === 'status') {
      command.option('--check', 'judge the whole site: each fault with its remedy; exit code 1 when there is one');
    }
    command
      .addHelpText('after', `\nExamples:\n  vigilia ${name}\n  vigilia ${name} --json --mqtt-url mqtt://broker:1883`)
      .action(async (flags: LookFlags) => {
        if (flags.check === true) {
          await checkSite(flags);
          return;
        }
        const state = await withBus(flags, (bus, clock) => readBrokerState(bus, clock));
        printLine(flags, text(state), value(state));
      });
  }
}
