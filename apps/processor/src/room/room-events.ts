import { randomUUID } from 'node:crypto';
import { type VigiliaEvent, withoutUndefined } from '@vigilia/protocol';
import type { Blindness } from '../stream/blindness.ts';

/** An event before room, instance and time are added. */
export type RoomEventFields = Pick<VigiliaEvent, 'event_id' | 'event' | 'severity' | 'trace_id'> &
  Readonly<Record<string, unknown>>;

/** The camera gives no frames: the room is not monitored, and must not be taken for well. */
export function blindEvent(blindness: Blindness): RoomEventFields {
  const event_id = randomUUID();
  return withoutUndefined({
    event_id,
    event: 'room_blind',
    severity: 'warning',
    trace_id: event_id,
    reason: blindness.cause,
    detail: blindness.detail,
    blind_since: new Date(blindness.sinceMs).toISOString(),
  });
}

/** The room sees again; joined to the event that reported it blind. */
export function seenEvent(blindEventId: string): RoomEventFields {
  return { event_id: randomUUID(), event: 'room_seen', severity: 'info', trace_id: blindEventId };
}
