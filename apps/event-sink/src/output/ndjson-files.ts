import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stream, streams } from '../schema/data-streams.ts';

/** A file of one stream and one day (UTC, when its lines were written): `events-2026-03-01.0001.ndjson`. */
export interface NdjsonFile {
  readonly name: string;
  readonly stream: Stream;
  readonly date: string;
  readonly number: number;
}

const filePattern = /^([a-z]+)-(\d{4}-\d{2}-\d{2})\.(\d{4,})\.ndjson$/;
/** Earlier versions wrote all streams into one sequence. */
const mixedPattern = /^vigilia-\d{6,}\.ndjson$/;

/** Returns the name of a file of a day. */
export function ndjsonName(stream: Stream, date: string, number: number): string {
  return `${stream}-${date}.${String(number).padStart(4, '0')}.ndjson`;
}

/** Lists the files of a folder, oldest first, and those of earlier versions that hold all streams. @throws the system's error */
export async function listNdjson(dir: string): Promise<{ files: NdjsonFile[]; mixed: string[] }> {
  const names = (await readdir(dir)).sort();
  const files = names.flatMap((name) => {
    const [, streamName, date, number] = filePattern.exec(name) ?? [];
    const stream = streams.find((one) => one === streamName);
    return stream === undefined || date === undefined ? [] : [{ name, stream, date, number: Number(number) }];
  });
  files.sort((a, b) => a.date.localeCompare(b.date) || a.number - b.number);
  return { files, mixed: names.filter((name) => mixedPattern.test(name)).map((name) => join(dir, name)) };
}

/** What is deleted of a folder, and when. */
export interface DeletionRules {
  /** Days that each stream is kept, the day of writing not included; without it all are kept. */
  readonly keptDays?: Readonly<Record<Stream, number>> | undefined;
  /** Files that are kept of each stream that is not evidence, the current one included; 0 keeps all. */
  readonly maxFiles: number;
}

/** Streams that the number of files never deletes: their period is promised. */
const evidence: readonly Stream[] = ['events', 'reports'];

/**
 * Returns which files are too old or too many; pure. Days are counted in days on which something was written: a clock that was wrong
 * once deletes nothing.
 */
export function filesToDelete(files: readonly NdjsonFile[], { keptDays, maxFiles }: DeletionRules): NdjsonFile[] {
  const dates = [...new Set(files.map(({ date }) => date))].sort();
  return streams.flatMap((stream) => {
    const own = files.filter((file) => file.stream === stream);
    const firstKept = keptDays === undefined ? undefined : dates.slice(-(keptDays[stream] + 1))[0];
    const old = own.filter(({ date }) => firstKept !== undefined && date < firstKept);
    const rest = own.filter((file) => !old.includes(file));
    const tooMany = maxFiles === 0 || evidence.includes(stream) ? [] : rest.slice(0, -maxFiles);
    return [...old, ...tooMany];
  });
}
