import { createHash, randomUUID } from 'node:crypto';
import { fallEventId, withoutUndefined } from '@vigilia/protocol';
import type { RoomEffect } from '@vigilia/vision';
import { bboxOf } from './detection-payload.ts';
import type { RoomEventFields } from './room-events.ts';

/** What an event of a fall contains beside the effect itself. */
export interface NoticeContext {
  readonly sourceId: number;
  /** undefined: an alarm that another processor raised without this field. */
  readonly modelId: string | undefined;
  /** Of its files; undefined where they are not known. */
  readonly modelSha256?: string | undefined;
}

/**
 * One id for everything about one fall, whichever processor has the room: the fall's own id travels with the room, so that two
 * watchers of one room (a hand-over) publish the same event.
 */
export function fallTraceId(sourceId: number, fallId: string): string {
  return createHash('sha256').update(`${sourceId}/${fallId}`).digest('hex').slice(0, 32);
}

/** Returns the ids of the events by which an incident may know a fall. */
export function fallEventIds(sourceId: number, fallId: string): readonly string[] {
  const traceId = fallTraceId(sourceId, fallId);
  return [fallEventId(types.suspected, traceId), fallEventId(types.detected, traceId)];
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** News of the fall machine as an event; undefined for what only concerns how the room is looked at. */
export function fallNotice(effect: RoomEffect, context: NoticeContext): RoomEventFields | undefined {
  switch (effect.kind) {
    case 'burst':
    case 'look_back':
      return undefined;
    case 'person_not_visible':
      return {
        event_id: randomUUID(),
        event: 'person_not_visible',
        severity: 'warning',
        trace_id: randomUUID(),
        track_id: effect.trackId,
        bbox: bboxOf(effect.box),
        ...modelOf(context),
        last_seen_at: iso(effect.lastSeenAtMs),
      };
    default:
      return newsOfFall(effect, context);
  }
}

type News = Extract<RoomEffect, { readonly fallId: string }>;

const types = {
  suspected: 'fall_suspected',
  detected: 'fall_detected',
  reminder: 'fall_reminder',
  recovered: 'fall_recovered',
} as const;

/** A thousandth of the frame is finer than any detection. */
const roundedPlace = ({ x1, y1, x2, y2 }: News['place']): News['place'] => ({
  x1: rounded(x1),
  y1: rounded(y1),
  x2: rounded(x2),
  y2: rounded(y2),
});
const rounded = (share: number): number => Math.round(share * 1000) / 1000;

const modelOf = ({ modelId, modelSha256 }: NoticeContext) =>
  withoutUndefined({ model_id: modelId, model_sha256: modelSha256 });

function newsOfFall(effect: News, context: NoticeContext): RoomEventFields {
  const traceId = fallTraceId(context.sourceId, effect.fallId);
  const severity = 'severity' in effect ? effect.severity : effect.kind === 'recovered' ? 'info' : 'warning';
  return withoutUndefined({
    // a reminder is published many times, the others once a fall
    event_id: effect.kind === 'reminder' ? randomUUID() : `${types[effect.kind]}-${traceId}`,
    event: types[effect.kind],
    severity,
    trace_id: traceId,
    detected_at: iso(effect.lowAtMs),
    alarm_at: 'alarmAtMs' in effect && effect.alarmAtMs !== undefined ? iso(effect.alarmAtMs) : undefined,
    was_alarm: effect.kind === 'recovered' ? effect.alarmAtMs !== undefined : undefined,
    track_id: effect.trackId,
    bbox: bboxOf(effect.box),
    place: roundedPlace(effect.place),
    ...modelOf(context),
    evidence: effect.evidence,
  });
}
