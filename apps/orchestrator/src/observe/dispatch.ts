import {
  ackSchema,
  commandEnvelopeSchema,
  desiredRoomsSchema,
  detectionsSchema,
  incidentSchema,
  metricsSchema,
  parseTopic,
  policySchema,
  roomStateSchema,
  statusSchema,
} from '@vigilia/protocol';
import type { Now } from '../plan/view.ts';
import type { Store } from './store.ts';

/** A message as the orchestrator reads it. `body` is undefined for an empty payload (a cleared retained message). */
export interface Heard {
  readonly topic: string;
  readonly retain: boolean;
  /** The broker says that it sent it before. */
  readonly dup: boolean;
  readonly body: unknown;
}

/** What became of a message: whether a look is worth while, or why it was not understood. */
export type Outcome = 'look' | 'noted' | 'ignored' | { readonly malformed: string };

/**
 * Folds one message into the store. Whoever wrote nonsense to one of our topics is ignored and named: it must not take the
 * orchestrator with it.
 */
export function dispatch(store: Store, prefix: string, heard: Heard, now: Now): Outcome {
  const topic = parseTopic(prefix, heard.topic);
  if (topic === undefined) return 'ignored';
  const { retain, dup, body } = heard;
  switch (topic.kind) {
    case 'status':
      if (body === undefined) {
        store.processors.forget(topic.instanceId);
        return 'look';
      }
      return parsed(statusSchema, body, (status) => store.status(status, retain, now.monoMs));
    case 'detections':
      return parsed(detectionsSchema, body, (message) => store.detections(message, now.monoMs));
    case 'metrics':
      if (body === undefined) return 'ignored';
      return parsed(metricsSchema, body, (message) => store.metrics(message, retain, now.monoMs));
    case 'room':
      if (body === undefined) return 'ignored';
      return parsed(roomStateSchema, body, (state) => store.room(state, now.monoMs));
    case 'ack':
      return parsed(ackSchema, body, (ack) => store.ack(ack, now.monoMs));
    case 'commands':
      // what is not a command is answered by the processors; a retained one is nobody's
      if (!retain) parsed(commandEnvelopeSchema, body, (envelope) => store.command(envelope, dup, now.monoMs));
      return 'noted';
    case 'incident':
      if (body === undefined || !retain) return 'ignored';
      return parsed(incidentSchema, body, (incident) => store.incidents.load(incident, now));
    case 'orchestrator_rooms':
      if (body === undefined || !retain) return 'ignored';
      return parsed(desiredRoomsSchema, body, (rooms) => store.loadDesired(rooms));
    case 'orchestrator_policy':
      if (body === undefined || !retain || store.policy !== undefined) return 'ignored';
      return parsed(policySchema, body, (policy) => store.putPolicy(policy));
    default:
      return 'ignored';
  }
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { message: string } };
}

/** @param then returns false where what was said changes nothing that is planned on */
function parsed<T>(schema: Schema<T>, body: unknown, then: (value: T) => unknown): Outcome {
  const result = schema.safeParse(body);
  if (!result.success) return { malformed: result.error.message.replace(/\s+/g, ' ').slice(0, 300) };
  return then(result.data) === false ? 'noted' : 'look';
}
