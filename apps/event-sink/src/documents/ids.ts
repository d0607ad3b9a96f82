import { createHash } from 'node:crypto';

const SAFE_ID = /^[A-Za-z0-9._:-]{1,200}$/;

/** First 32 hex digits of SHA-256 over the parts, which are kept apart. */
export function hashId(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(`${Buffer.byteLength(part)}:`).update(part);
  }
  return hash.digest('hex').slice(0, 32);
}

/** An id given by a message, as it is where it can be a document's id, hashed where it cannot (blanks, length). */
export function givenId(kind: string, id: string): string {
  return SAFE_ID.test(id) ? id : `${kind}:${hashId(id)}`;
}

/** A detection is named by who saw it, in which life, in which room, at which frame. */
export function detectionId(of: { instanceId: string; bootId: string; sourceId: number; frameId: number }): string {
  return givenId('detection', `d:${of.instanceId}:${of.bootId}:${of.sourceId}:${of.frameId}`);
}

/**
 * The id of a message that has none of its own: topic and payload. A message that has no time of its own either and is not retained (a bare
 * command) also gets the minute of its arrival, else the second `{"command": "restart"}` of a month would vanish as a repetition of the first.
 */
export function messageDocumentId(topic: string, payload: string, arrivalMinute?: number): string {
  return hashId(topic, payload, arrivalMinute === undefined ? '' : String(arrivalMinute));
}
