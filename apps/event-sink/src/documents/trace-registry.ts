import { asRecord, asText, type Json } from '../schema/json-fields.ts';
import type { SinkTopic } from './sink-topic.ts';

/** Whose trace something belongs to that does not name one itself. */
export interface Traces {
  ofRoom(sourceId: number | undefined): string | undefined;
  ofIncident(incidentId: string | undefined): string | undefined;
  ofInstance(instanceId: string | undefined): string | undefined;
}

const REMEMBERED_INCIDENTS = 1000;
const FALLING = new Set(['candidate', 'down', 'alarm']);

/**
 * Remembers from room states, incidents and statuses which trace is open in which room, so that detections, statuses and log lines, which
 * carry no `trace_id`, join the story of their fall. The states are retained, so after a restart it knows them again.
 */
export class TraceRegistry implements Traces {
  readonly #falls = new Map<number, string>();
  readonly #openRooms = new Map<number, { incidentId: string; traceId: string }>();
  readonly #incidents = new Map<string, string>();
  readonly #instances = new Map<string, string>();

  /** One message, before its own documents are made. */
  observe(parsed: SinkTopic, payload: Json): void {
    if (parsed.kind === 'room') {
      this.#room(parsed.sourceId, asRecord(payload.fall));
    } else if (parsed.kind === 'incident') {
      this.#incident(parsed.incidentId, payload);
    } else if (parsed.kind === 'status') {
      this.#status(parsed.instanceId, payload);
    }
  }

  ofRoom(sourceId: number | undefined): string | undefined {
    return sourceId === undefined ? undefined : (this.#openRooms.get(sourceId)?.traceId ?? this.#falls.get(sourceId));
  }

  ofIncident(incidentId: string | undefined): string | undefined {
    return incidentId === undefined ? undefined : this.#incidents.get(incidentId);
  }

  /** Of a dedicated processor: its incident's. */
  ofInstance(instanceId: string | undefined): string | undefined {
    return instanceId === undefined ? undefined : this.ofIncident(this.#instances.get(instanceId));
  }

  #room(sourceId: number, fall: Json | undefined): void {
    const traceId = asText(fall?.trace_id);
    if (traceId !== undefined && FALLING.has(asText(fall?.state) ?? '')) {
      this.#falls.set(sourceId, traceId);
    } else {
      this.#falls.delete(sourceId);
    }
  }

  #incident(incidentId: string, payload: Json): void {
    const traceId = asText(payload.trace_id);
    const sourceId = typeof payload.source_id === 'number' ? payload.source_id : undefined;
    if (traceId === undefined) return;
    this.#incidents.set(incidentId, traceId);
    for (const oldest of this.#incidents.keys()) {
      if (this.#incidents.size <= REMEMBERED_INCIDENTS) break;
      this.#incidents.delete(oldest);
    }
    if (sourceId === undefined) return;
    if (payload.state !== 'closed') {
      this.#openRooms.set(sourceId, { incidentId, traceId });
    } else if (this.#openRooms.get(sourceId)?.incidentId === incidentId) {
      this.#openRooms.delete(sourceId);
    }
  }

  #status(instanceId: string, payload: Json): void {
    const incidentId = asText(payload.incident_id);
    if (incidentId !== undefined) {
      this.#instances.set(instanceId, incidentId);
    }
  }
}
