import { systemClock } from '@vigilia/service';
import { type ConnectOptions, connect } from '../client/connect.ts';
import { takeSnapshot } from '../client/snapshot.ts';

/**
 * Returns the rooms of the desired state, ascending, each with the address at which a processor monitors it, as far as that is
 * known. Empty where the broker or the desired state is not there.
 */
export async function roomsOfHouse(broker: ConnectOptions): Promise<Map<number, string | undefined>> {
  const bus = await connect(broker).catch(() => undefined);
  if (bus === undefined) return new Map();
  try {
    const { processors, desired } = await takeSnapshot(bus, systemClock);
    const streams = processors.flatMap((one) => (one.status === 'offline' ? [] : (one.streams ?? [])));
    const ids = Object.keys(desired?.rooms ?? {})
      .map(Number)
      .sort((a, b) => a - b);
    return new Map(ids.map((id) => [id, streams.find(({ source_id }) => source_id === id)?.uri]));
  } finally {
    await bus.bus.stop();
  }
}
