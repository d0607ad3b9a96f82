import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock, Logger } from '@vigilia/service';
import type { LogLine } from '../documents/log-document.ts';
import { asFilePosition, type FilePosition, LogFile } from './log-file.ts';
import { Positions } from './positions.ts';

export interface LogFilesOptions {
  /** Files, or folders that stand for their `*.log`, `*.ndjson` and `*.json`. */
  readonly paths: readonly string[];
  readonly positionsFile: string;
  readonly take: (lines: readonly LogLine[]) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pollMs?: number;
}

/** Follows log files through rotation by rename or by copy and truncate, also when it happened while the sink was stopped. */
export class LogFiles {
  readonly #options: LogFilesOptions;
  readonly #positions: Positions<FilePosition>;
  readonly #open = new Map<string, LogFile>();
  readonly #abort = new AbortController();
  readonly #failing = new Set<string>();
  #running: Promise<void> | undefined;

  constructor(options: LogFilesOptions) {
    this.#options = options;
    this.#positions = new Positions(options.positionsFile, asFilePosition);
  }

  async start(): Promise<void> {
    await this.#positions.load();
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort(new Error('the sink stops'));
    await this.#running;
    await Promise.all([...this.#open.values()].map((file) => file.close()));
    this.#open.clear();
  }

  async #run(): Promise<void> {
    const { clock, pollMs = 500 } = this.#options;
    const { signal } = this.#abort;
    while (!signal.aborted) {
      for (const path of await this.#candidates()) {
        await this.#poll(path).catch((err: unknown) => this.#failed(path, err));
      }
      await clock.sleep(pollMs, signal).catch(() => undefined);
    }
  }

  async #candidates(): Promise<string[]> {
    const found: string[] = [];
    for (const path of this.#options.paths) {
      const names = await readdir(path).catch(() => undefined);
      if (names === undefined) {
        found.push(path);
      } else {
        found.push(...names.filter((name) => /\.(log|ndjson|json)$/.test(name)).map((name) => join(path, name)));
      }
    }
    return found.sort();
  }

  async #poll(path: string): Promise<void> {
    const current = this.#open.get(path);
    const there = await stat(path).catch(() => undefined);
    if (current !== undefined) {
      await this.#readOn(current);
      if (there === undefined || `${there.dev}:${there.ino}` === current.inode) return;
      // renamed away since: what was written to it before its writer noticed has been read just now
      await this.#readToEnd(current);
      await current.close();
      this.#open.delete(path);
      await this.#positions.remove(current.inode);
    } else if (there !== undefined) {
      await this.#readRotated(path);
    }
    if (there === undefined) return;
    const file = await LogFile.open(path, (inode) => this.#positions.get(inode));
    this.#open.set(path, file);
    await this.#readOn(file);
    this.#failing.delete(path);
  }

  async #readOn(file: LogFile): Promise<void> {
    for (let lines = await file.read(); lines.length > 0 && !this.#abort.signal.aborted; lines = await file.read()) {
      await this.#options.take(lines);
      await this.#positions.set(file.inode, file.position);
    }
  }

  /** Of a rotated file: also a last line without its line break (its writer was killed). */
  async #readToEnd(file: LogFile): Promise<void> {
    await this.#readOn(file);
    if (this.#abort.signal.aborted) return;
    const rest = await file.rest();
    if (rest.length > 0) {
      await this.#options.take(rest);
    }
  }

  /** Returns the files that were rotated while the sink was stopped: the one it read last, under its new name, and those created after it. */
  async #readRotated(path: string): Promise<void> {
    const known = [...this.#positions.entries()].filter(([, position]) => position.path === path);
    if (known.length === 0) return;
    const dir = dirname(path);
    const siblings = (await readdir(dir)).filter(
      (name) => name.startsWith(`${basename(path)}.`) && !/\.(gz|zst|xz|bz2)$/.test(name),
    );
    const rotated = await Promise.all(
      siblings.map(async (name) => ({ path: join(dir, name), stat: await stat(join(dir, name)) })),
    );
    const last = rotated.find(({ stat: { dev, ino } }) => this.#positions.get(`${dev}:${ino}`) !== undefined);
    if (last === undefined) return;
    // two rotations may fall into one tick of the file system's clock: then the higher number is the older file
    const later = rotated
      .filter((one) => one !== last && one.stat.mtimeMs >= last.stat.mtimeMs)
      .sort((a, b) => a.stat.mtimeMs - b.stat.mtimeMs || b.path.localeCompare(a.path, 'en', { numeric: true }));
    for (const { path: old } of [last, ...later]) {
      const file = await LogFile.open(old, (inode) => this.#positions.get(inode));
      await this.#readToEnd(file);
      await file.close();
      await this.#positions.remove(file.inode);
    }
  }

  async #failed(path: string, err: unknown): Promise<void> {
    // opened again at the place that was written down: what was read but not taken is read once more
    await this.#open.get(path)?.close();
    this.#open.delete(path);
    if (this.#abort.signal.aborted || this.#failing.has(path)) return;
    this.#failing.add(path);
    this.#options.logger.warn({ event: 'log_file_failed', path, err }, 'a log file cannot be read; it is tried again');
  }
}
