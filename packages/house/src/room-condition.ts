import { type AlertState, onFloorSince, unwatchedAfterMs } from '@vigilia/protocol';
import type { RoomEvidence } from './room-evidence.ts';
import { isUnsteady } from './steady.ts';

/** The condition of a room in one word. */
export type RoomCondition =
  | 'fall'
  | 'suspected'
  | 'unwatched'
  | 'blind'
  | 'drill'
  | 'helping'
  | 'recovered'
  | 'handover'
  | 'paused'
  | 'waiting'
  | 'well';

export interface RoomJudgement {
  readonly condition: RoomCondition;
  /** Since when, as far as that is known (ISO 8601). */
  readonly since?: string | undefined;
  /** Why a blind room has no picture, such as `dark` or `covered` (`blind_cause` of the status). */
  readonly cause?: string | undefined;
  readonly unwatchedCause?: UnwatchedReason | undefined;
}

/** `no_processor`: no status lists the room; `silent`: one does and its detections do not arrive; `late`: results come too rarely. */
export type UnwatchedReason = 'no_processor' | 'silent' | 'late';

/** The worst that is true of a room. `waiting`: nothing was heard yet, and it is too early to hold that against anybody. */
export function judgeRoom(room: RoomEvidence): RoomJudgement {
  return judgeFall(room) ?? judgeWatch(room) ?? judgeCare(room) ?? judgeQuiet(room);
}

/** Returns why nothing that happens in the room would be seen; undefined while it would. */
export function judgeWatch({ facts, watchers, nowMs }: RoomEvidence): RoomJudgement | undefined {
  const paused = watchers.length > 0 && watchers.every(({ status }) => status.status === 'paused');
  const blind = watchers.length > 0 && watchers.every(({ stream }) => stream.state === 'blind');
  if (blind) {
    const stream = watchers[0]?.stream;
    return { condition: 'blind', since: stream?.blind_since, cause: stream?.blind_cause };
  }
  const silentMs = nowMs - facts.listeningSinceMs;
  if (silentMs > unwatchedAfterMs(facts.slowestIntervalMs)) {
    const sinceMs = isUnsteady(facts, facts.listeningSinceMs) ? facts.late?.sinceMs : facts.seenAtMs;
    const since = sinceMs === undefined ? undefined : new Date(sinceMs).toISOString();
    if (paused) return { condition: 'paused', since };
    return { condition: 'unwatched', since, unwatchedCause: watchers.length === 0 ? 'no_processor' : 'silent' };
  }
  if (paused) return { condition: 'paused' };
  if (facts.late === undefined || !isUnsteady(facts, nowMs)) return undefined;
  return { condition: 'unwatched', since: new Date(facts.late.sinceMs).toISOString(), unwatchedCause: 'late' };
}

/** A person is, or may be, on the floor and no person takes care of it, or the person who acknowledged it has not helped in time. */
function judgeFall({ incident, alert, report, facts, isResolved }: RoomEvidence): RoomJudgement | undefined {
  const fall = facts.retained?.fall;
  const isReturned = incident?.state === 'acknowledged' && alert?.stage === 'returned';
  const isWaiting = incident?.state === 'open' || incident?.state === 'attended' || isReturned;
  if (incident !== undefined && !incident.drill && isWaiting) {
    if (incident.recovered_at === undefined) return { condition: 'fall', since: onFloorSince(incident) };
  }
  // the notifier records what people do about a fall without an incident
  if (report !== undefined) {
    return isAnswered(report) ? undefined : { condition: 'fall', since: report.opened_at };
  }
  if (fall === undefined || fall.quiet === true || isResolved) return undefined;
  if (fall.state === 'alarm' && incident === undefined)
    return { condition: 'fall', since: fall.low_since ?? fall.alarm_at };
  if ((fall.state === 'candidate' || fall.state === 'down') && incident === undefined)
    return { condition: 'suspected', since: fall.low_since };
  return undefined;
}

/** Returns whether a person has acknowledged, and the alarm has not returned since. */
export function isAnswered({ stage }: AlertState): boolean {
  return stage === 'acknowledged' || stage === 'attended';
}

function judgeCare(room: RoomEvidence): RoomJudgement | undefined {
  const { incident, report } = room;
  if (incident?.drill === true) return { condition: 'drill', since: incident.opened_at };
  if (incident?.recovered_at !== undefined) return { condition: 'recovered', since: incident.recovered_at };
  if (incident !== undefined) return { condition: 'helping', since: incident.acknowledged_at };
  if (report !== undefined) return { condition: 'helping', since: report.acknowledged?.at };
  return room.watchers.length > 1 ? { condition: 'handover' } : undefined;
}

/** `well` once a frame was heard since silence counts. */
function judgeQuiet({ facts }: RoomEvidence): RoomJudgement {
  const heard = facts.seenAtMs !== undefined && facts.seenAtMs >= facts.listeningSinceMs;
  return { condition: heard ? 'well' : 'waiting' };
}
