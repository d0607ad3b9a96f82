import { rename } from 'node:fs/promises';
import {
  addDays,
  addMinute,
  type DayRecord,
  type IncidentRecord,
  isNewerState,
  newDay,
  siteTime,
} from '@vigilia/reports';
import {
  dayFile,
  deleteBefore,
  type IncidentMonth,
  monthFile,
  readDay,
  readMonth,
  recordedDays,
} from '@vigilia/reports/files';
import { CorruptFileError, type Logger, writeFileAtomic } from '@vigilia/service';
import type { EncodedDocument, SinkDocument } from '../documents/document.ts';
import type { DocumentContext } from '../documents/ecs.ts';
import type { Delivered, Output, OutputTrouble } from '../output/output.ts';
import { roomDayDocuments } from './room-day-document.ts';
import { storedFact } from './stored-facts.ts';

export interface ReportStoreOptions {
  readonly dir: string;
  /** Time zone of the site: it decides to which day a minute belongs. */
  readonly timeZone: string;
  /** Days that are kept, counted in days with records: a clock that was wrong once deletes nothing. */
  readonly keptDays: number;
  readonly logger: Logger;
  readonly context: () => DocumentContext;
  /** Stores the documents of days that are over, for other outputs; undefined where there are none. */
  readonly emit?: ((document: SinkDocument) => Promise<void>) | undefined;
}

/** Days before the newest that are looked at for documents that were not emitted: a sink may have been off for a while. */
const emitWithinDays = 30;

/**
 * Keeps what reports are made of: one file per day with the sums of each room, one per month with its incidents. A batch that is
 * delivered again changes nothing: each day knows the last minute of each life of the sink, and of an incident the latest state stays.
 */
export class ReportStore implements Output {
  readonly name = 'reports';
  readonly #options: ReportStoreOptions;
  readonly #dateOf: (ms: number) => string;
  /** As on the disk, or with what is about to be written. */
  readonly #days = new Map<string, DayRecord>();
  readonly #months = new Map<string, IncidentMonth>();
  /** The newest day of the last batch with minutes. */
  #current: string | undefined;
  #failing: OutputTrouble | undefined;

  constructor(options: ReportStoreOptions) {
    this.#options = options;
    this.#dateOf = siteTime(options.timeZone).date;
  }

  get failing(): OutputTrouble | undefined {
    return this.#failing;
  }

  async start(): Promise<void> {
    await recordedDays(this.#options.dir);
  }

  async deliver(documents: readonly EncodedDocument[]): Promise<Delivered> {
    try {
      const { duplicates, newest } = await this.#add(documents);
      await this.#endDays(newest);
      this.#failing = undefined;
      return { stored: documents.length - duplicates, duplicates, dead: 0 };
    } catch (error) {
      // what is in memory may be ahead of the disk
      this.#days.clear();
      this.#months.clear();
      const code = (error as NodeJS.ErrnoException).code ?? 'error';
      this.#failing = {
        reason: 'report_write_failed',
        detail: `The folder of reports could not be written (${code}).`,
      };
      throw error;
    }
  }

  async stop(): Promise<void> {}

  /** `newest`: the last day of the minutes among the documents. */
  async #add(documents: readonly EncodedDocument[]): Promise<{ duplicates: number; newest: string | undefined }> {
    const changed = new Map<string, () => string>();
    const dates: string[] = [];
    let duplicates = 0;
    for (const document of documents) {
      const fact = storedFact(document);
      if (fact === undefined) continue;
      if (fact.kind === 'minute') {
        dates.push(this.#dateOf(fact.minute.startMs));
      }
      const isNew =
        fact.kind === 'minute'
          ? await this.#addMinute(fact.minute, changed)
          : await this.#addIncident(fact.incident, changed);
      duplicates += isNew ? 0 : 1;
    }
    for (const [path, content] of changed) {
      await writeFileAtomic(path, content());
    }
    return { duplicates, newest: dates.sort().at(-1) };
  }

  async #addMinute(minute: Parameters<typeof addMinute>[1], changed: Map<string, () => string>): Promise<boolean> {
    const { dir, timeZone } = this.#options;
    const date = this.#dateOf(minute.startMs);
    const day = this.#days.get(date) ?? (await this.#intact(() => readDay(dir, date))) ?? newDay(date, timeZone);
    this.#days.set(date, day);
    const isNew = addMinute(day, minute);
    if (isNew) {
      changed.set(dayFile(dir, date), () => JSON.stringify(day));
    }
    return isNew;
  }

  async #addIncident(incident: IncidentRecord, changed: Map<string, () => string>): Promise<boolean> {
    const { dir } = this.#options;
    const month = incident.opened_at.slice(0, 7);
    const incidents = this.#months.get(month) ?? (await this.#intact(() => readMonth(dir, month))) ?? {};
    this.#months.set(month, incidents);
    if (!isNewerState(incident, incidents[incident.incident_id])) return false;
    incidents[incident.incident_id] = incident;
    changed.set(monthFile(dir, month), () => JSON.stringify(incidents));
    return true;
  }

  /** A damaged file is set aside, so that it does not hold up what comes after it. */
  async #intact<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof CorruptFileError)) throw error;
      const { logger } = this.#options;
      await rename(error.path, `${error.path}.damaged`);
      logger.error({ event: 'report_file_damaged', path: error.path, err: error }, 'a file of reports was set aside');
      return undefined;
    }
  }

  /**
   * At the first minute of another day: emits the days before, and deletes what is too old. The day may be an earlier one: a clock that
   * was years ahead and is right again ends days as before.
   */
  async #endDays(newest: string | undefined): Promise<void> {
    const { dir, emit } = this.#options;
    if (newest === undefined || newest === this.#current) return;
    if (emit !== undefined) {
      const since = addDays(newest, -emitWithinDays);
      for (const date of (await recordedDays(dir)).filter((one) => one >= since && one < newest)) {
        await this.#emitDay(date, emit);
      }
    }
    await this.#deleteOldest();
    for (const date of [...this.#days.keys()].filter((one) => one !== newest)) {
      this.#days.delete(date);
    }
    this.#months.clear();
    this.#current = newest;
  }

  async #emitDay(date: string, emit: (document: SinkDocument) => Promise<void>): Promise<void> {
    const { dir, context } = this.#options;
    const day = await this.#intact(() => readDay(dir, date));
    if (day === undefined || day.emitted === true) return;
    for (const document of roomDayDocuments(day, context())) {
      await emit(document);
    }
    day.emitted = true;
    await writeFileAtomic(dayFile(dir, date), JSON.stringify(day));
  }

  async #deleteOldest(): Promise<void> {
    const { dir, keptDays } = this.#options;
    const days = await recordedDays(dir);
    const [firstKept] = days.slice(-keptDays);
    if (firstKept === undefined) return;
    await deleteBefore(dir, firstKept);
  }
}
