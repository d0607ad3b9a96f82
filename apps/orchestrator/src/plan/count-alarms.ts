import { isDeepStrictEqual } from 'node:util';
import {
  type AlarmRecord,
  type Incident,
  keptFigureAlarms,
  keptFigureWeeks,
  maxEntries,
  type WatchedWeek,
  weekMs,
  weekOf,
} from '@vigilia/protocol';
import type { Rules } from './rules.ts';
import type { WatchedTime } from './view.ts';

/** Watched time alone is published this often. */
const everyMs = 3_600_000;

/**
 * Keeps the figures of alarms: one record per incident, always as the incident is now, so that a verdict that is taken back takes its
 * count back. Drills do not count.
 */
export function countAlarms({ draft }: Rules): void {
  const { alarmFigures: before, watched } = draft.view;
  const oldestMs = weekOf(draft.now.wallMs) - (keptFigureWeeks - 1) * weekMs;
  const alarms = nextAlarms(before?.alarms ?? [], draft.incidentsByAge(), oldestMs);
  const isNews = !isDeepStrictEqual(alarms, before?.alarms ?? []);
  const isWatchedDue = watched.roomMs.size > 0 && draft.reached(draft.now.monoMs - watched.sinceMs, everyMs);
  if (!isNews && !isWatchedDue) return;
  const counted: WatchedTime = {
    roomMs: new Map(watched.roomMs),
    modelMs: new Map(watched.modelMs),
    sinceMs: watched.sinceMs,
  };
  const weeks = nextWeeks(before?.weeks ?? [], counted, draft.now.wallMs, oldestMs);
  draft.record({
    kind: 'publish_alarm_figures',
    figures: { alarms, weeks, updated_at: draft.nowIso },
    counted,
  });
}

function nextAlarms(before: readonly AlarmRecord[], incidents: readonly Incident[], oldestMs: number): AlarmRecord[] {
  const records = new Map(before.map((record) => [record.incident_id, record]));
  for (const incident of incidents) {
    if (!incident.drill) {
      records.set(incident.incident_id, recordOf(incident));
    }
  }
  return [...records.values()]
    .filter(({ opened_at }) => Date.parse(opened_at) >= oldestMs)
    .sort((a, b) => Date.parse(a.opened_at) - Date.parse(b.opened_at) || (a.incident_id < b.incident_id ? -1 : 1))
    .slice(-keptFigureAlarms);
}

function recordOf(incident: Incident): AlarmRecord {
  const { incident_id, source_id, opened_at, falls, verdict } = incident;
  const record: AlarmRecord = { incident_id, source_id, opened_at };
  const [first] = falls ?? [];
  if (first?.model_id !== undefined) {
    record.model_id = first.model_id;
  }
  if (first?.rule !== undefined) {
    record.rule = first.rule;
  }
  if (verdict !== undefined) {
    record.outcome = verdict.outcome;
  }
  return record;
}

/** Adds watched time to the current week, which is made where it is missing; weeks before `oldestMs` are left out. */
function nextWeeks(
  before: readonly WatchedWeek[],
  { roomMs, modelMs }: WatchedTime,
  wallMs: number,
  oldestMs: number,
): WatchedWeek[] {
  const from = new Date(weekOf(wallMs)).toISOString();
  const current = before.find((week) => week.from === from);
  const next: WatchedWeek = {
    from,
    room_hours: withHours(current?.room_hours ?? {}, roomMs),
    model_hours: withHours(current?.model_hours ?? {}, modelMs),
  };
  return [...before.filter((week) => week.from !== from), next]
    .filter((week) => Date.parse(week.from) >= oldestMs)
    .sort((a, b) => Date.parse(a.from) - Date.parse(b.from))
    .slice(-keptFigureWeeks);
}

function withHours(
  before: Readonly<Record<string, number>>,
  more: ReadonlyMap<number | string, number>,
): Record<string, number> {
  const hours = new Map(Object.entries(before));
  for (const [key, ms] of more) {
    const sum = (hours.get(String(key)) ?? 0) + ms / 3_600_000;
    hours.set(String(key), Math.round(sum * 1e4) / 1e4);
  }
  return Object.fromEntries([...hours].slice(0, maxEntries));
}
