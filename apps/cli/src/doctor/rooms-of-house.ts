import { aspectRatio, type DesiredRoom, type RoomState, type StreamStatus, type Zone } from '@vigilia/protocol';
import { systemClock } from '@vigilia/service';
import type { CameraView } from '@vigilia/vision';
import { readBrokerState } from '../client/broker-state.ts';
import { type BrokerConnectOptions, connect } from '../client/connect.ts';

/** A room of a running site as far as it is known. */
export interface RoomOfHouse {
  /** Address at which a processor monitors it. */
  readonly address: string | undefined;
  readonly view: CameraView;
  readonly maxFps: number | undefined;
  readonly zones: readonly Zone[] | undefined;
}

/** Returns the rooms of the desired state, ascending. Empty where the broker or the desired state is not there. */
export async function roomsOfHouse(broker: BrokerConnectOptions): Promise<ReadonlyMap<number, RoomOfHouse>> {
  const bus = await connect(broker).catch(() => undefined);
  if (bus === undefined) return new Map();
  try {
    const { processors, rooms, desired } = await readBrokerState(bus, systemClock);
    const streams = processors.flatMap((one) => (one.status === 'offline' ? [] : (one.streams ?? [])));
    const wanted = Object.entries(desired?.rooms ?? {}).map(([id, room]) => [Number(id), room] as const);
    wanted.sort(([a], [b]) => a - b);
    return new Map(
      wanted.map(([id, room]) => {
        const stream = streams.find(({ source_id }) => source_id === id);
        const retained = rooms.find(({ source_id }) => source_id === id);
        return [id, roomOfHouse(room, stream, retained)];
      }),
    );
  } finally {
    await bus.bus.stop();
  }
}

/** What the processor of the room retains is in force; the desired state may not have reached it yet. */
function roomOfHouse(
  room: DesiredRoom,
  stream: StreamStatus | undefined,
  retained: RoomState | undefined,
): RoomOfHouse {
  const desiredView = {
    aspect: room.aspect === undefined ? undefined : aspectRatio(room.aspect),
    rotate: room.rotate ?? 0,
  };
  const { aspect, rotate } = retained?.camera_view ?? desiredView;
  return {
    address: stream?.uri,
    view: { aspect, rotate },
    maxFps: stream?.max_fps ?? room.max_fps,
    zones: retained?.zones ?? room.zones,
  };
}
