import { type StreamStatus, withoutUndefined } from '@vigilia/protocol';
import type { BrokerState } from './broker-state.ts';

/** A room as programs read it from `vigilia room list --json`. */
export interface ListedRoom {
  readonly source_id: number;
  readonly name?: string;
  readonly ward?: string;
  readonly home?: string;
  /** Processors that have the room and are online; empty: no fall in it would be seen. */
  readonly monitored_by: readonly string[];
  /** `not_monitored`, or the state at the first of them. */
  readonly state: StreamStatus['state'] | 'not_monitored';
  readonly model_id?: string;
  readonly max_fps?: number;
  readonly rate_set_by?: string;
}

/** Returns every room that is desired or monitored, ascending, also those whose processor is offline. */
export function listRooms({ processors, desired }: BrokerState): readonly ListedRoom[] {
  const online = processors.filter(({ status }) => status !== 'offline');
  const monitored = online.flatMap(({ streams = [] }) => streams.map(({ source_id }) => source_id));
  const ids = new Set([...Object.keys(desired?.rooms ?? {}).map(Number), ...monitored]);
  return [...ids]
    .sort((a, b) => a - b)
    .map((id) => {
      const room = desired?.rooms[String(id)];
      const watchers = online.filter(({ streams = [] }) => streams.some(({ source_id }) => source_id === id));
      const stream = watchers[0]?.streams?.find(({ source_id }) => source_id === id);
      const owner = stream?.set_by?.max_fps;
      return withoutUndefined<ListedRoom>({
        source_id: id,
        name: room?.name,
        ward: room?.ward,
        home: room?.home,
        monitored_by: watchers.map(({ instance_id }) => instance_id),
        state: stream?.state ?? 'not_monitored',
        model_id: stream?.model_id ?? room?.model_id,
        max_fps: stream?.max_fps ?? room?.max_fps,
        rate_set_by: owner?.incident_id === undefined ? owner?.by : `incident ${owner.incident_id}`,
      });
    });
}
