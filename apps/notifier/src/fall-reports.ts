import { channels, incidentIdOf } from '@vigilia/protocol';
import type { ChannelBus } from '@vigilia/service';
import type { AlertDesk, HouseLook } from './alerts/alert-desk.ts';

export interface FallReportsOptions {
  readonly bus: ChannelBus;
  readonly desk: Pick<AlertDesk, 'reported' | 'refused' | 'recovered'>;
  readonly look: () => HouseLook;
}

/**
 * Hears of falls themselves, and not only of their incidents: an alarm must not need an orchestrator. Subscribes; call it
 * before the bus is started.
 */
export function followFallReports({ bus, desk, look }: FallReportsOptions): void {
  void bus.subscribe(channels.fallReport, async ({ value: report }) => {
    if (report === undefined) return;
    const view = look();
    const { event_id: eventId, source_id: sourceId, timestamp } = report;
    const minute = Math.floor(view.nowMs / 60_000);
    const key = incidentIdOf(eventId ?? `room ${sourceId} minute ${minute}`);
    const happenedAt = timestamp ?? new Date(view.nowMs).toISOString();
    await desk.reported({ key, eventId, sourceId, happenedAt }, view);
  });
  void bus.subscribe(
    channels.event,
    async ({ value: event }) => {
      if (event?.source_id !== undefined) await desk.recovered(event.source_id, event.timestamp, look());
    },
    { places: { type: 'fall_recovered' } },
  );
  void bus.subscribe(
    channels.event,
    async ({ value: event }) => {
      if (event === undefined) return;
      const { event_id: eventId, source_id: sourceId, room_name: roomName, timestamp: happenedAt } = event;
      await desk.refused({ eventId, reason: event.reason ?? '', sourceId, roomName, happenedAt }, look());
    },
    { places: { type: 'incident_refused' } },
  );
}
