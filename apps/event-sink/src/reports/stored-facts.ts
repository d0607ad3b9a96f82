import { type IncidentRecord, incidentRecordSchema, type RoomMinuteFacts } from '@vigilia/reports';
import type { EncodedDocument } from '../documents/document.ts';
import { asInteger, asNumber, asRecord, asText, asTime, type Json } from '../schema/json-fields.ts';

/** What a stored document contributes to reports. */
export type StoredFact =
  | { readonly kind: 'minute'; readonly minute: RoomMinuteFacts }
  | { readonly kind: 'incident'; readonly incident: IncidentRecord };

/** Returns what a document contributes to reports; undefined for most documents, which are not parsed. */
export function storedFact({ id, stream, json }: EncodedDocument): StoredFact | undefined {
  if (stream === 'metrics' && id.startsWith('minute:')) {
    const minute = minuteOf(id, asRecord(JSON.parse(json)));
    return minute === undefined ? undefined : { kind: 'minute', minute };
  }
  if (stream !== 'reports' || !id.startsWith('incident:')) return undefined;
  const own = asRecord(asRecord(JSON.parse(json))?.vigilia);
  const incident = incidentRecordSchema.safeParse(own?.report).data;
  return incident === undefined ? undefined : { kind: 'incident', incident };
}

/** The id of a minute is `minute:{room}:{minute}:{boot}`. */
function minuteOf(id: string, body: Json | undefined): RoomMinuteFacts | undefined {
  const own = asRecord(body?.vigilia);
  const minute = asRecord(own?.minute);
  const [sourceId, startMs] = [asInteger(own?.source_id), asTime(body?.['@timestamp'])];
  if (sourceId === undefined || startMs === undefined || minute === undefined) return undefined;
  return {
    sourceId,
    startMs,
    bootId: id.split(':')[3] ?? '',
    roomName: asText(own?.room_name),
    ward: asText(own?.ward),
    recordedMs: asNumber(minute.observed_ms) ?? 0,
    frames: asNumber(minute.frames) ?? 0,
    gaps: { unwatched: timesOf(minute.unwatched_by_cause), blind: timesOf(minute.blind_by_cause) },
  };
}

/** Causes are names; a sentence of another version, which reports could not be read with, counts as `unknown`. */
const longestCause = 128;

function timesOf(value: unknown): Record<string, number> {
  const times: Record<string, number> = {};
  for (const [cause, time] of Object.entries(asRecord(value) ?? {})) {
    const known = cause.length <= longestCause ? cause : 'unknown';
    times[known] = (times[known] ?? 0) + (asNumber(time) ?? 0);
  }
  return times;
}
