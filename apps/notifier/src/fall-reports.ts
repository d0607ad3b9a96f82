import { eventSchema, fallReportSchema, incidentIdOf, type Topics } from '@vigilia/protocol';
import type { Bus, BusMessage } from '@vigilia/service';
import type { AlertDesk, HouseLook } from './alerts/alert-desk.ts';

export interface FallReportsOptions {
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly topics: Topics;
  readonly desk: Pick<AlertDesk, 'reported' | 'recovered'>;
  readonly look: () => HouseLook;
}

/**
 * Hears of falls themselves, and not only of their incidents: an alarm must not need an orchestrator. Subscribes; call it
 * before the bus is started.
 */
export function followFallReports({ bus, topics, desk, look }: FallReportsOptions): void {
  const onFall = async (message: BusMessage): Promise<void> => {
    const report = fallReportSchema.safeParse(jsonOf(message));
    if (!report.success) return;
    const view = look();
    const { event_id: eventId, source_id: sourceId, timestamp } = report.data;
    const key = incidentIdOf(report.data, Math.floor(view.nowMs / 60_000));
    const happenedAt = timestamp ?? new Date(view.nowMs).toISOString();
    await desk.reported({ key, eventId, sourceId, happenedAt }, view);
  };
  const onRecovery = async (message: BusMessage): Promise<void> => {
    const event = eventSchema.safeParse(jsonOf(message));
    if (!event.success || event.data.source_id === undefined) return;
    await desk.recovered(event.data.source_id, event.data.timestamp, look());
  };
  void bus.subscribe(topics.event('fall_detected'), onFall, { qos: 1 });
  void bus.subscribe(topics.event('fall_recovered'), onRecovery, { qos: 1 });
}

function jsonOf(message: BusMessage): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
