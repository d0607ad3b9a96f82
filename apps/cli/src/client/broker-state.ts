import { channels, type DesiredRooms, type Incident, type RoomState, type Status } from '@vigilia/protocol';
import type { ChannelBus, Clock } from '@vigilia/service';

/** What the broker retains about the site at one moment. */
export interface BrokerState {
  readonly processors: readonly Status[];
  readonly rooms: readonly RoomState[];
  readonly incidents: readonly Incident[];
  readonly desired: DesiredRooms | undefined;
}

/** Gathers the retained messages; the broker sends them at once after a subscription. */
export async function readBrokerState(bus: ChannelBus, clock: Clock, gatherMs = 600): Promise<BrokerState> {
  const processors = new Map<string, Status>();
  const rooms = new Map<number, RoomState>();
  const incidents = new Map<string, Incident>();
  let desired: DesiredRooms | undefined;
  await bus.subscribeAll(
    [channels.status, channels.room, channels.incident, channels.orchestratorRooms],
    ({ channel, value }) => {
      if (value === undefined) return;
      if (channel === 'status') {
        processors.set(value.instance_id, value);
      } else if (channel === 'room') {
        rooms.set(value.source_id, value);
      } else if (channel === 'incident') {
        incidents.set(value.incident_id, value);
      } else {
        desired = value;
      }
    },
  );
  await clock.sleep(gatherMs);
  return {
    processors: [...processors.values()].sort((a, b) => a.instance_id.localeCompare(b.instance_id)),
    rooms: [...rooms.values()].sort((a, b) => a.source_id - b.source_id),
    incidents: [...incidents.values()].sort((a, b) => b.opened_at.localeCompare(a.opened_at)),
    desired,
  };
}
