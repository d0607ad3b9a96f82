import type { RoomState, VigiliaEvent } from '@vigilia/protocol';

/**
 * The `fall_detected` of a fall that another watcher alarmed, from what travelled with the room: whoever watches it now announces
 * it, with the same `event_id`. undefined where no alarm is active, or a person has dealt with it.
 */
export function inheritedFall(state: RoomState, identity: { instanceId: string }): VigiliaEvent | undefined {
  const { fall, source_id } = state;
  if (fall.state !== 'alarm' || fall.event_id === undefined || fall.quiet === true) return undefined;
  const { low_since: detectedAt, alarm_at: alarmAt } = fall;
  return {
    ...{ event_id: fall.event_id, event: 'fall_detected', source_id, instance_id: identity.instanceId },
    // without zones nobody knows whether it was a bed: the alarm was a lower one
    severity: state.zones === undefined ? 'warning' : 'critical',
    trace_id: fall.trace_id ?? fall.event_id,
    inherited: true,
    timestamp: alarmAt ?? detectedAt ?? state.since,
    ...(detectedAt !== undefined && { detected_at: detectedAt }),
    ...(alarmAt !== undefined && { alarm_at: alarmAt }),
  };
}
