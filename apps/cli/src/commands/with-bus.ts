import { type ChannelBus, redactDeep, redactUrl, systemClock } from '@vigilia/service';
import { connect } from '../client/connect.ts';
import { type ConnectionFlags, connectionOf } from '../client/connection-options.ts';

/** Runs one short command with a connection and takes the connection down whatever happens. */
export async function withBus<T>(
  flags: ConnectionFlags,
  body: (bus: ChannelBus, clock: typeof systemClock) => Promise<T>,
): Promise<T> {
  const bus = await connect(connectionOf(flags, process.env));
  try {
    return await body(bus, systemClock);
  } finally {
    await bus.bus.stop();
  }
}

/** Writes a line for people or, with `--json`, the value; credentials of addresses are taken out of both. */
export function printLine(flags: Pick<ConnectionFlags, 'json'>, text: string, value: unknown): void {
  process.stdout.write(flags.json === true ? `${JSON.stringify(redactDeep(value))}\n` : `${redactUrl(text)}\n`);
}
