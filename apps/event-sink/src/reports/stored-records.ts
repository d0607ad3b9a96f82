import {
  type DaySummary,
  daySummarySchema,
  type IncidentRecord,
  incidentRecordSchema,
  isNewerState,
  type ReportRecords,
} from '@vigilia/reports';
import { UsageError } from '@vigilia/service';
import type { ElasticsearchClient } from '../elasticsearch/client.ts';
import { failureOf } from '../elasticsearch/request-failure.ts';
import { streamNames } from '../schema/data-streams.ts';
import { asInteger, asRecord, asText, type Json } from '../schema/json-fields.ts';

const pageSize = 5000;
const keepAlive = '1m';

/**
 * Reads the records of reports from Elasticsearch. A day is there once it is over.
 * @param from the first day; incidents are those that changed since the day before
 * @throws UsageError `records_unreadable` when Elasticsearch cannot be reached, refuses or has none
 */
export async function readElasticsearchRecords(
  client: ElasticsearchClient,
  namespace: string,
  from: string,
): Promise<ReportRecords> {
  const found = new FoundRecords();
  try {
    for await (const source of documentsSince(client, `${streamNames.reports}-${namespace}`, from)) {
      found.add(source);
    }
  } catch (cause) {
    const { reason } = failureOf(cause);
    throw new UsageError({
      code: 'records_unreadable',
      message: `The records of reports could not be read from Elasticsearch (${reason}).`,
      remedy: `Check its address, and that the key may read ${streamNames.reports}-${namespace}; "vigilia event-sink setup" creates it.`,
      cause,
    });
  }
  return found.records();
}

async function* documentsSince(client: ElasticsearchClient, index: string, from: string): AsyncGenerator<Json> {
  let { id } = await client.openPointInTime({ index, keep_alive: keepAlive });
  try {
    let after: (string | number | boolean | null)[] | undefined;
    for (;;) {
      const page = {
        pit: { id, keep_alive: keepAlive },
        size: pageSize,
        sort: [{ _shard_doc: 'asc' as const }],
        query: { range: { '@timestamp': { gte: `${from}||-1d` } } },
        _source: ['event.action', 'vigilia.source_id', 'vigilia.report'],
        track_total_hits: false,
      };
      const answer = await client.search<Json>(
        after === undefined ? page : Object.assign(page, { search_after: after }),
      );
      id = answer.pit_id ?? id;
      const { hits } = answer.hits;
      for (const { _source } of hits) {
        yield _source ?? {};
      }
      after = hits.at(-1)?.sort as typeof after;
      if (hits.length < pageSize || after === undefined) return;
    }
  } finally {
    await client.closePointInTime({ id }).catch(() => undefined);
  }
}

/** Joins documents to days and incidents: of an incident the latest state counts, and a room's day counts once. */
class FoundRecords {
  readonly #days = new Map<string, DaySummary>();
  readonly #incidents = new Map<string, IncidentRecord>();

  add(source: Json): void {
    const own = asRecord(source.vigilia);
    const action = asText(asRecord(source.event)?.action);
    if (action === 'room_day') {
      this.#addRoomDay(asInteger(own?.source_id), asRecord(own?.report));
    } else if (action === 'incident_record') {
      this.#addIncident(own?.report);
    }
  }

  records(): ReportRecords {
    const days = [...this.#days.values()].sort((a, b) => a.date.localeCompare(b.date));
    return { incidents: [...this.#incidents.values()], days };
  }

  #addRoomDay(sourceId: number | undefined, report: Json | undefined): void {
    if (sourceId === undefined || report === undefined) return;
    const { date, time_zone, ...room } = report;
    // a document has no empty objects
    const rooms = { [String(sourceId)]: { gaps: {}, ...room } };
    const parsed = daySummarySchema.safeParse({ date, time_zone, rooms }).data;
    if (parsed === undefined) return;
    const day = this.#days.get(parsed.date) ?? parsed;
    this.#days.set(day.date, day);
    Object.assign(day.rooms, parsed.rooms);
  }

  #addIncident(report: unknown): void {
    const incident = incidentRecordSchema.safeParse(report).data;
    if (incident === undefined) return;
    if (isNewerState(incident, this.#incidents.get(incident.incident_id))) {
      this.#incidents.set(incident.incident_id, incident);
    }
  }
}
