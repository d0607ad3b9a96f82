import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CorruptFileError, readJsonFile } from '@vigilia/service';
import { z } from 'zod';
import { type DayRecord, dayRecordSchema } from '../day-records.ts';
import {
  type DaySummary,
  daySummarySchema,
  type IncidentRecord,
  incidentRecordSchema,
  type ReportRecords,
} from '../records.ts';
import { addDays } from '../site-time.ts';

const incidentsSchema = z.record(z.string(), incidentRecordSchema);

/** Incidents of a month by their ids. */
export type IncidentMonth = Record<string, IncidentRecord>;

/** Returns the file of a day, such as 2026-03-01. */
export function dayFile(dir: string, date: string): string {
  return join(dir, 'days', `${date}.json`);
}

/** Returns the file of the incidents that were opened in a month (UTC), such as 2026-03. */
export function monthFile(dir: string, month: string): string {
  return join(dir, 'incidents', `${month}.json`);
}

/**
 * Reads a day for writing.
 * @returns undefined when there is no record of it
 * @throws CorruptFileError (`corrupt_file`) when the file does not hold a day; the system's error when it cannot be read
 */
export function readDay(dir: string, date: string): Promise<DayRecord | undefined> {
  return readAs(dayFile(dir, date), dayRecordSchema);
}

/** Reads the incidents of a month. @throws CorruptFileError, the system's error */
export function readMonth(dir: string, month: string): Promise<IncidentMonth | undefined> {
  return readAs(monthFile(dir, month), incidentsSchema);
}

/** Returns the days that are recorded, sorted. @throws the system's error when the folder cannot be read */
export function recordedDays(dir: string): Promise<string[]> {
  return namesIn(join(dir, 'days'), /^(\d{4}-\d{2}-\d{2})\.json$/);
}

/** Returns the months of which incidents are recorded, sorted. @throws the system's error when the folder cannot be read */
function recordedMonths(dir: string): Promise<string[]> {
  return namesIn(join(dir, 'incidents'), /^(\d{4}-\d{2})\.json$/);
}

/**
 * Deletes the files of days and months before a day, those that were set aside as damaged too, and what writers that were killed left.
 * No other writer may be active.
 */
export async function deleteBefore(dir: string, firstKept: string): Promise<void> {
  for (const [folder, first] of [
    [join(dir, 'days'), firstKept],
    [join(dir, 'incidents'), firstKept.slice(0, 7)],
  ] as const) {
    for (const name of await filesIn(folder)) {
      const [period] = name.split('.');
      const isOld = period !== undefined && /^\d{4}-\d{2}/.test(period) && period < first;
      if (isOld || name.endsWith('.tmp')) {
        await rm(join(folder, name), { force: true });
      }
    }
  }
}

/** What could be read of a folder. */
export interface FolderRecords extends ReportRecords {
  /** Files that are damaged: what they held is missing. */
  readonly damaged: readonly string[];
}

/**
 * Reads the records of a period.
 * Incidents are those of the months (UTC) that the period touches, and of the month before.
 * @param from first day of the period at the site; `to` is its last
 * @throws the system's error when the folder cannot be read
 */
export async function readRecords(dir: string, from: string, to: string): Promise<FolderRecords> {
  const damaged: string[] = [];
  const intact = async <T>(read: Promise<T | undefined>): Promise<T | undefined> => {
    try {
      return await read;
    } catch (error) {
      if (!(error instanceof CorruptFileError)) throw error;
      damaged.push(error.path);
      return undefined;
    }
  };
  const days: DaySummary[] = [];
  for (const date of (await recordedDays(dir)).filter((one) => one >= from && one <= to)) {
    const day = await intact(readAs(dayFile(dir, date), daySummarySchema));
    if (day !== undefined) {
      days.push(day);
    }
  }
  const incidents: IncidentRecord[] = [];
  const [first, last] = [monthBefore(from), addDays(to, 1).slice(0, 7)];
  for (const month of (await recordedMonths(dir)).filter((one) => one >= first && one <= last)) {
    incidents.push(...Object.values((await intact(readMonth(dir, month))) ?? {}));
  }
  return { incidents, days, damaged };
}

async function readAs<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const value = await readJsonFile(path);
  if (value === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new CorruptFileError(path, parsed.error);
  return parsed.data;
}

async function namesIn(dir: string, pattern: RegExp): Promise<string[]> {
  return (await filesIn(dir)).flatMap((name) => pattern.exec(name)?.[1] ?? []).sort();
}

function filesIn(dir: string): Promise<string[]> {
  return readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

function monthBefore(date: string): string {
  const [year = 0, month = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 2, 1)).toISOString().slice(0, 7);
}
