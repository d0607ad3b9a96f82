import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '@vigilia/service';
import type { EncodedDocument } from '../documents/document.ts';
import { type Stream, streams } from '../schema/data-streams.ts';
import { type DeletionRules, filesToDelete, listNdjson } from './ndjson-files.ts';
import { NdjsonSequence } from './ndjson-sequence.ts';
import type { Delivered, Output } from './output.ts';

export interface NdjsonOptions extends DeletionRules {
  readonly dir: string;
  readonly maxFileBytes: number;
  readonly clock: Clock;
}

const dayMs = 86_400_000;

/**
 * One file sequence per stream, so that many detections do not push incidents out. What is too old is deleted at the start and
 * whenever a file is begun.
 */
export class NdjsonOutput implements Output {
  readonly name = 'ndjson';
  readonly #options: NdjsonOptions;
  readonly #sequences: ReadonlyMap<Stream, NdjsonSequence>;

  constructor(options: NdjsonOptions) {
    this.#options = options;
    const { dir, maxFileBytes } = options;
    this.#sequences = new Map(
      streams.map((stream) => [stream, new NdjsonSequence({ dir, stream, maxFileBytes })] as const),
    );
  }

  async start(): Promise<void> {
    const { dir } = this.#options;
    await mkdir(dir, { recursive: true });
    const { files } = await listNdjson(dir);
    for (const [stream, sequence] of this.#sequences) {
      await sequence.start(files.filter((file) => file.stream === stream));
    }
    await this.#deleteOld();
  }

  async deliver(documents: readonly EncodedDocument[]): Promise<Delivered> {
    const date = new Date(this.#options.clock.now()).toISOString().slice(0, 10);
    let stored = 0;
    let begun = false;
    for (const [stream, sequence] of this.#sequences) {
      const own = documents.filter((document) => document.stream === stream);
      const appended = await sequence.append(own, date);
      stored += appended.stored;
      begun ||= appended.isNewFile;
    }
    if (begun) {
      await this.#deleteOld();
    }
    return { stored, duplicates: documents.length - stored, dead: 0 };
  }

  async stop(): Promise<void> {
    for (const sequence of this.#sequences.values()) {
      await sequence.stop();
    }
  }

  async #deleteOld(): Promise<void> {
    const { dir, keptDays, clock } = this.#options;
    const { files, mixed } = await listNdjson(dir);
    for (const { name } of filesToDelete(files, this.#options)) {
      await rm(join(dir, name), { force: true });
    }
    if (keptDays === undefined) return;
    const longestMs = Math.max(...Object.values(keptDays)) * dayMs;
    for (const path of mixed) {
      if (clock.now() - (await stat(path)).mtimeMs > longestMs) {
        await rm(path, { force: true });
      }
    }
  }
}
