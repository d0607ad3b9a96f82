import { asInteger, asText, asTime, type Json } from '../schema/json-fields.ts';

const OVER = new Set(['closing', 'closed']);

/** Incidents that no person has acknowledged, from their retained state; drills are not calls for help. Reads no clock. */
export class UnansweredCalls {
  readonly #calls = new Map<string, { readonly sourceId: number; readonly openedMs: number }>();

  observe(incidentId: string, payload: Json): void {
    const sourceId = asInteger(payload.source_id);
    const openedMs = asTime(payload.opened_at);
    const isAnswered =
      payload.acknowledged_at !== undefined || payload.drill === true || OVER.has(asText(payload.state) ?? '');
    if (isAnswered || sourceId === undefined || openedMs === undefined) {
      this.#calls.delete(incidentId);
    } else {
      this.#calls.set(incidentId, { sourceId, openedMs });
    }
  }

  /** How long the room's oldest call has been waiting at this moment (epoch ms); 0 when there is none. */
  waitingMs(sourceId: number, atMs: number): number {
    const opened = [...this.#calls.values()]
      .filter((call) => call.sourceId === sourceId)
      .map(({ openedMs }) => openedMs);
    return opened.length === 0 ? 0 : Math.max(0, atMs - Math.min(...opened));
  }
}
