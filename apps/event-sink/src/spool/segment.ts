import { join } from 'node:path';
import {
  decodeRecord,
  findRecord,
  MAX_PAYLOAD_BYTES,
  RECORD_HEADER_BYTES,
  RECORD_MARK,
  type SpoolRecord,
} from './record.ts';
import type { SpoolFiles } from './spool-files.ts';

const SUFFIX = '.spool';

/** A segment file as the lane knows it; its name is the sequence number of its first record, so counts need no scan. */
export interface Segment {
  readonly first: number;
  readonly path: string;
  bytes: number;
  records: number;
}

/** A place between two records of a lane. */
export interface Position {
  /** Sequence number of the segment's first record. */
  readonly segment: number;
  readonly offset: number;
  /** Sequence number of the record that starts here. */
  readonly sequence: number;
}

/** A stretch of a segment that cannot be read, with its bytes (at most 64 kB of them) for the dead-letter file. */
export interface Damage {
  readonly path: string;
  readonly offset: number;
  readonly bytes: number;
  readonly lostRecords: number;
  readonly raw: Buffer;
}

export interface Stretch {
  readonly records: SpoolRecord[];
  readonly nextOffset: number;
  readonly nextOrdinal: number;
  readonly damage: Damage[];
}

export function segmentPath(dir: string, first: number): string {
  return join(dir, `${String(first).padStart(16, '0')}${SUFFIX}`);
}

/** The first sequence number in a segment's file name; `undefined` for a file that is not a segment. */
export function segmentOf(name: string): number | undefined {
  const match = /^(\d{16})\.spool$/.exec(name);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/**
 * Reads whole records of a segment from `offset`, up to the limits (but at least one), skipping and reporting damaged stretches.
 * `segment.bytes` is the end of what is committed: bytes that look incomplete before it are damage, not a write in progress.
 */
export async function readSegment(
  files: SpoolFiles,
  segment: Segment,
  from: { offset: number; ordinal: number },
  limits: { maxRecords: number; maxBytes: number },
): Promise<Stretch> {
  const file = await files.open(segment.path, 'read');
  try {
    const left = segment.bytes - from.offset;
    const first = await file.read(Math.min(left, limits.maxBytes + RECORD_HEADER_BYTES), from.offset);
    const whole = parse(first, first.length >= left, segment, from, limits);
    if (whole.records.length > 0 || whole.damage.length > 0 || first.length >= left) return whole;
    // The first record is larger than the limit: one more read that surely holds it, or a sound record after its damage.
    const more = await file.read(Math.min(left, 2 * (MAX_PAYLOAD_BYTES + RECORD_HEADER_BYTES)), from.offset);
    return parse(more, true, segment, from, { ...limits, maxRecords: 1 });
  } finally {
    await file.close();
  }
}

function parse(
  data: Buffer,
  isEnd: boolean,
  segment: Segment,
  from: { offset: number; ordinal: number },
  limits: { maxRecords: number },
): Stretch {
  const records: SpoolRecord[] = [];
  const damage: Damage[] = [];
  let at = 0;
  let ordinal = from.ordinal;
  while (at < data.length && records.length < limits.maxRecords) {
    const decoded = decodeRecord(data, at);
    if (decoded.kind === 'record') {
      records.push(decoded.record);
      at = decoded.next;
      ordinal = decoded.record.ordinal + 1;
      continue;
    }
    if (decoded.kind === 'incomplete' && !isEnd) break;
    const found = findRecord(data, at + 1);
    if (found === undefined && !isEnd && records.length > 0) break;
    const sound = found ?? data.length;
    const nextOrdinal = found === undefined ? (isEnd ? segment.records : ordinal) : ordinalAt(data, found);
    damage.push(describe(data.subarray(at, sound), segment, from.offset + at, nextOrdinal - ordinal));
    at = sound;
    ordinal = nextOrdinal;
  }
  return { records, nextOffset: from.offset + at, nextOrdinal: ordinal, damage };
}

function ordinalAt(data: Buffer, offset: number): number {
  const decoded = decodeRecord(data, offset);
  return decoded.kind === 'record' ? decoded.record.ordinal : 0;
}

function describe(bad: Buffer, segment: Segment, offset: number, lostRecords: number): Damage {
  const raw = Buffer.from(bad.subarray(0, 65_536));
  return { path: segment.path, offset, bytes: bad.length, lostRecords: Math.max(0, lostRecords), raw };
}

/**
 * Finds where a segment's last whole record ends after an unclean end, and cuts what follows. A complete record with a wrong checksum was
 * accepted and damaged later: it stays, and the reader reports the damage.
 * @returns the number of bytes cut
 */
export async function recoverSegment(files: SpoolFiles, segment: Segment): Promise<number> {
  const survey = surveySegment(await files.read(segment.path));
  const torn = segment.bytes - survey.bytes;
  segment.bytes = survey.bytes;
  segment.records = survey.records;
  if (torn === 0) return 0;
  const file = await files.open(segment.path, 'append');
  try {
    await file.truncate(survey.bytes);
  } finally {
    await file.close();
  }
  return torn;
}

function surveySegment(data: Buffer): { bytes: number; records: number } {
  let bytes = 0;
  let records = 0;
  for (let at: number | undefined = 0; at !== undefined; ) {
    const decoded = decodeRecord(data, at);
    if (decoded.kind === 'record') {
      at = bytes = decoded.next;
      records = decoded.record.ordinal + 1;
    } else {
      at = findRecord(data, at + 1);
    }
  }
  for (let end = recordEnd(data, bytes); end !== undefined; end = recordEnd(data, bytes)) {
    bytes = end;
    records += 1;
  }
  return { bytes, records };
}

/** Where the record at `offset` ends by its own length, sound or not; `undefined` when it is torn or there is none. */
function recordEnd(data: Buffer, offset: number): number | undefined {
  const decoded = decodeRecord(data, offset);
  if (decoded.kind === 'record') return decoded.next;
  if (decoded.kind === 'incomplete') return undefined;
  const end = offset + RECORD_HEADER_BYTES + data.readUInt32LE(offset + 2);
  const hasMark = data.readUInt16LE(offset) === RECORD_MARK;
  // a flipped byte in the mark itself: the length then still fits the end exactly
  return end === data.length || (hasMark && end < data.length) ? end : undefined;
}
