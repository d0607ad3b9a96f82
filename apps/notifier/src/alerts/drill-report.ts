import { type AlertState, type VigiliaEvent, withoutUndefined } from '@vigilia/protocol';

/** Returns the event that reports a finished drill: who was notified and who reacted, each with the time since the drill began, ms, and why the system ended it. */
export function drillReport(state: AlertState, { instanceId, at }: { instanceId: string; at: string }): VigiliaEvent {
  const sinceMs = (when: string): number => Date.parse(when) - Date.parse(state.opened_at);
  const notified = state.notified
    .filter(({ sent_at }) => sent_at !== undefined)
    .map(({ target, step, sent_at: sentAt = state.opened_at }) => ({ target, step, after_ms: sinceMs(sentAt) }));
  const reactions = state.reactions
    .filter(({ what }) => what !== 'drill')
    .map(({ who, what, via, at: when }) => ({ who, what, after_ms: sinceMs(when), via }));
  const first = reactions.find(({ what }) => what === 'acknowledge');
  return withoutUndefined({
    event_id: `drill_report-${state.incident_id}`,
    event: 'drill_report',
    instance_id: instanceId,
    timestamp: at,
    severity: 'info',
    trace_id: state.incident_id,
    source_id: state.source_id,
    room_name: state.room_name,
    incident_id: state.incident_id,
    drill: true,
    reason: state.end_reason,
    notified,
    reactions,
    first_acknowledged_ms: first?.after_ms,
  });
}
