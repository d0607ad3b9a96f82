import { type Stream, streams } from '../schema/data-streams.ts';
import type { Priority } from '../spool/priority.ts';

export interface SinkDocument {
  /** Deterministic: the same fact gets the same id, however often it is delivered. At most 512 bytes, no blanks. */
  readonly id: string;
  readonly stream: Stream;
  readonly priority: Priority;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A spooled document: the head is read without parsing the body, which goes to the output as it is. */
export interface EncodedDocument {
  readonly id: string;
  readonly stream: Stream;
  /** The body as JSON, without a line break. */
  readonly json: string;
}

/** `{stream} {id}\n{json}` in UTF-8. */
export function encodeDocument(document: SinkDocument): Buffer {
  return Buffer.from(`${document.stream} ${document.id}\n${JSON.stringify(document.body)}`);
}

/** The inverse; `undefined` when the bytes are not a document. */
export function decodeDocument(payload: Buffer): EncodedDocument | undefined {
  const line = payload.indexOf(0x0a);
  const blank = payload.indexOf(0x20);
  if (line === -1 || blank === -1 || blank > line) return undefined;
  const stream = streams.find((name) => name === payload.toString('latin1', 0, blank));
  const id = payload.toString('utf8', blank + 1, line);
  return stream === undefined || id === '' ? undefined : { stream, id, json: payload.toString('utf8', line + 1) };
}
