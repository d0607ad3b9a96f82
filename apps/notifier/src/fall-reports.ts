import { CommandError, channels, type FallReport, incidentIdOf, parseOrchestratorCommand } from '@vigilia/protocol';
import type { ChannelBus } from '@vigilia/service';
import type { AlertManager, ObservedSite } from './alerts/alert-manager.ts';
import type { Reaction } from './alerts/fall-cases.ts';

export interface FallReportsOptions {
  readonly bus: ChannelBus;
  readonly alertManager: Pick<AlertManager, 'reported' | 'refused' | 'recovered' | 'reacted'>;
  readonly observe: () => ObservedSite;
}

/**
 * Hears of falls themselves, and not only of their incidents: an alarm must not need an orchestrator. Subscribes; call it
 * before the bus is started.
 */
export function followFallReports({ bus, alertManager, observe }: FallReportsOptions): void {
  void bus.subscribe(channels.fallReport, async ({ value: report }) => {
    if (report === undefined) return;
    const view = observe();
    const { event_id: eventId, source_id: sourceId } = report;
    const minute = Math.floor(view.nowMs / 60_000);
    const key = incidentIdOf(eventId ?? `room ${sourceId} minute ${minute}`);
    const happenedAt = fallStart(report, view.nowMs);
    await alertManager.reported({ key, eventId, sourceId, happenedAt }, view);
  });
  void bus.subscribe(
    channels.event,
    async ({ value: event }) => {
      if (event?.source_id !== undefined) {
        await alertManager.recovered(event.source_id, event.timestamp, observe());
      }
    },
    { places: { type: 'fall_recovered' } },
  );
  void bus.subscribe(
    channels.event,
    async ({ value: event }) => {
      if (event === undefined) return;
      const { event_id: eventId, source_id: sourceId, room_name: roomName, timestamp: happenedAt } = event;
      await alertManager.refused({ eventId, reason: event.reason ?? '', sourceId, roomName, happenedAt }, observe());
    },
    { places: { type: 'incident_refused' } },
  );
  // a reminder of a fall that is not known is a report of it: the first one may have been lost
  void bus.subscribe(
    channels.event,
    async ({ value: event }) => {
      if (event?.source_id === undefined) return;
      const eventId = `fall_detected-${event.trace_id}`;
      const happenedAt = event.detected_at ?? event.timestamp;
      const fall = { key: incidentIdOf(eventId), eventId, sourceId: event.source_id, happenedAt };
      await alertManager.reported(fall, observe());
    },
    { places: { type: 'fall_reminder' } },
  );
  void bus.subscribe(channels.orchestratorCommands, async ({ value: envelope }) => {
    const reaction = envelope === undefined ? undefined : reactionOf(envelope.command, envelope.params);
    if (reaction !== undefined) {
      await alertManager.reacted(reaction, observe());
    }
  });
}

/** Clocks of sensors may be wrong: a moment in the future, or longer ago than this, is not used. */
const plausibleAgeMs = 86_400_000;

/** Returns since when the person has been on the floor, ISO 8601: first seen there, else when it was reported. */
export function fallStart({ detected_at: lowAt, timestamp }: FallReport, nowMs: number): string {
  const isPlausible = (at: string | undefined): at is string => {
    const ageMs = at === undefined ? -1 : nowMs - Date.parse(at);
    return ageMs >= 0 && ageMs < plausibleAgeMs;
  };
  return [lowAt, timestamp].find(isPlausible) ?? new Date(nowMs).toISOString();
}

/** What a person did about a fall; undefined for other commands and for those that the orchestrator rejects. */
function reactionOf(name: string, params: unknown): Reaction | undefined {
  if (name !== 'acknowledge' && name !== 'resolve') return undefined;
  try {
    const { command, params: checked } = parseOrchestratorCommand(name, params);
    if (command !== 'acknowledge' && command !== 'resolve') return undefined;
    const { source_id: sourceId, incident_id: incidentId, by, via } = checked;
    return { command, sourceId, incidentId, by, via };
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}
