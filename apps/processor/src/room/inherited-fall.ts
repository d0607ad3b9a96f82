import { type RoomState, type VigiliaEvent, withoutUndefined } from '@vigilia/protocol';
import { restoreRoom, standingAlarm } from '@vigilia/vision';
import { fallNotice } from './fall-notice.ts';

/**
 * The `fall_detected` of a fall that another watcher alarmed, from what travelled with the room: its present watcher announces
 * it, with the same `event_id`, and what a person needs to judge it, as it was. undefined where no alarm is active, or a person has dealt with it.
 */
export function inheritedFall(state: RoomState, identity: { instanceId: string }): VigiliaEvent | undefined {
  const { fall, source_id } = state;
  if (fall.state !== 'alarm' || fall.event_id === undefined || fall.quiet === true) return undefined;
  const { low_since: detectedAt, alarm_at: alarmAt, event_id: eventId, trace_id: traceId = eventId } = fall;
  const memory = restoreRoom(fall.memory);
  const alarm = memory && standingAlarm(memory);
  const told =
    alarm && fallNotice(alarm, { sourceId: source_id, modelId: fall.model_id, modelSha256: fall.model_sha256 });
  return withoutUndefined({
    // where the memory cannot be read; without zones it is not known whether it was a bed: the alarm was a lower one
    severity: state.zones === undefined ? 'warning' : 'critical',
    detected_at: detectedAt,
    alarm_at: alarmAt,
    ...told,
    event_id: eventId,
    event: 'fall_detected',
    trace_id: traceId,
    source_id,
    instance_id: identity.instanceId,
    inherited: true,
    timestamp: alarmAt ?? detectedAt ?? state.since,
  });
}
