import { createTopics } from '@vigilia/protocol';
import { systemClock } from '@vigilia/service';
import { type ConnectOptions, connect } from '../client/connect.ts';
import { takeSnapshot } from '../client/snapshot.ts';
import { desiredRoomsOf } from '../zones/room-zones.ts';

/**
 * The rooms that the house should watch (`nvr/orchestrator/rooms`), ascending, each with the address at which somebody watches it,
 * as far as that is known. Empty where the broker or the desired state is not there.
 */
export async function roomsOfHouse(broker: ConnectOptions, prefix: string): Promise<Map<number, string | undefined>> {
  const bus = await connect(broker).catch(() => undefined);
  if (bus === undefined) return new Map();
  try {
    let rooms: string[] = [];
    await bus.subscribe(createTopics(prefix).orchestratorRooms, (message) => {
      if (message.payload.length > 0) rooms = Object.keys(desiredRoomsOf(message.json())?.rooms ?? {});
    });
    const { processors } = await takeSnapshot(bus, systemClock, prefix);
    const streams = processors.flatMap((one) => (one.status === 'offline' ? [] : (one.streams ?? [])));
    const ids = rooms.map(Number).sort((a, b) => a - b);
    return new Map(ids.map((id) => [id, streams.find(({ source_id }) => source_id === id)?.uri]));
  } finally {
    await bus.stop();
  }
}
