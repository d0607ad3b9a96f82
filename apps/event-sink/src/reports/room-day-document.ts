import { type DaySummary, siteTime } from '@vigilia/reports';
import type { SinkDocument } from '../documents/document.ts';
import { type DocumentContext, makeDocument } from '../documents/ecs.ts';

/** Returns the documents of a day that is over: one per room, each with the same id however often it is made. */
export function roomDayDocuments(day: DaySummary, context: DocumentContext): SinkDocument[] {
  const timeMs = siteTime(day.time_zone).at(day.date, 0);
  return Object.entries(day.rooms).map(([key, room]) =>
    makeDocument(
      {
        id: `room-day:${key}:${day.date}`,
        stream: 'reports',
        priority: 'critical',
        timeMs,
        ecs: { event: { kind: 'metric', action: 'room_day' }, service: { name: 'event-sink' } },
        own: {
          source_id: Number(key),
          room_name: room.room_name,
          ward: room.ward,
          report: { date: day.date, time_zone: day.time_zone, ...room },
        },
      },
      context,
    ),
  );
}
