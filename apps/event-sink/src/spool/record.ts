import { crc32 } from 'node:zlib';

/**
 * One record on disk: `magic 2 | length u32 | ordinal u32 | time u48 | crc32 u32 | payload`, little endian. The payload is UTF-8 text, in which
 * the byte 0xFF never occurs, so the magic is a safe mark to find the next record after a damaged stretch. `ordinal` is the record's place in
 * its segment, so the number of records lost in such a stretch is known exactly. The checksum covers everything but the magic and itself.
 */
export interface SpoolRecord {
  readonly ordinal: number;
  /** Epoch milliseconds at which the record was spooled. */
  readonly atMs: number;
  readonly payload: Buffer;
}

export type DecodedRecord =
  | { readonly kind: 'record'; readonly record: SpoolRecord; readonly next: number }
  | { readonly kind: 'incomplete'; readonly needs: number }
  | { readonly kind: 'corrupt' };

export const RECORD_HEADER_BYTES = 20;
export const MAX_PAYLOAD_BYTES = 8 * 1024 * 1024;
/** The first two bytes of every record, as a little-endian number. */
export const RECORD_MARK = 0xa7ff;
const MARK_BYTES = Buffer.from([0xff, 0xa7]);

/** Encodes one record. The caller has checked that the payload is at most `MAX_PAYLOAD_BYTES`. */
export function encodeRecord(record: SpoolRecord): Buffer {
  const out = Buffer.allocUnsafe(RECORD_HEADER_BYTES + record.payload.length);
  out.writeUInt16LE(RECORD_MARK, 0);
  out.writeUInt32LE(record.payload.length, 2);
  out.writeUInt32LE(record.ordinal, 6);
  out.writeUIntLE(record.atMs, 10, 6);
  record.payload.copy(out, RECORD_HEADER_BYTES);
  out.writeUInt32LE(checksum(out, 0, out.length), 16);
  return out;
}

/** Decodes the record at `offset`; `incomplete` has the number of bytes from `offset` that would be needed. */
export function decodeRecord(data: Buffer, offset: number): DecodedRecord {
  if (data.length - offset < RECORD_HEADER_BYTES) return { kind: 'incomplete', needs: RECORD_HEADER_BYTES };
  const length = data.readUInt32LE(offset + 2);
  if (data.readUInt16LE(offset) !== RECORD_MARK || length > MAX_PAYLOAD_BYTES) return { kind: 'corrupt' };
  const end = offset + RECORD_HEADER_BYTES + length;
  if (end > data.length) return { kind: 'incomplete', needs: RECORD_HEADER_BYTES + length };
  if (data.readUInt32LE(offset + 16) !== checksum(data, offset, end)) return { kind: 'corrupt' };
  const payload = data.subarray(offset + RECORD_HEADER_BYTES, end);
  const record = { ordinal: data.readUInt32LE(offset + 6), atMs: data.readUIntLE(offset + 10, 6), payload };
  return { kind: 'record', record, next: end };
}

/** The next place at or after `from` where a whole, valid record starts; `undefined` when there is none in `data`. */
export function findRecord(data: Buffer, from: number): number | undefined {
  for (let at = data.indexOf(MARK_BYTES, from); at !== -1; at = data.indexOf(MARK_BYTES, at + 1)) {
    if (decodeRecord(data, at).kind === 'record') return at;
  }
  return undefined;
}

function checksum(data: Buffer, start: number, end: number): number {
  const header = crc32(data.subarray(start + 2, start + 16));
  return crc32(data.subarray(start + RECORD_HEADER_BYTES, end), header);
}
