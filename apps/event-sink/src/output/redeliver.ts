import { readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { EncodedDocument } from '../documents/document.ts';
import { streams } from '../schema/data-streams.ts';
import { asRecord, asText } from '../schema/json-fields.ts';
import type { Delivered, Output } from './output.ts';

export interface RedeliveryOptions {
  readonly dir: string;
  readonly output: Pick<Output, 'deliver'>;
  readonly batchRecords: number;
  readonly signal: AbortSignal;
}

export interface RedeliveryResult extends Delivered {
  readonly files: number;
  /** Letters without a document (damaged bytes) or that are not JSON: kept in `*.unreadable`. */
  readonly unreadable: number;
}

/**
 * Sends every dead letter again, under its id. A file is set aside while it is read and removed when all of it is delivered; what is refused
 * again is a new dead letter. After a crash the next redelivery takes up the file that was set aside.
 */
export async function redeliver(options: RedeliveryOptions): Promise<RedeliveryResult> {
  const total = { files: 0, stored: 0, duplicates: 0, dead: 0, unreadable: 0 };
  for (const path of await claimFiles(options.dir)) {
    const { documents, unreadable } = parseLetters(await readFile(path, 'utf8'));
    for (let at = 0; at < documents.length; at += options.batchRecords) {
      const delivered = await options.output.deliver(documents.slice(at, at + options.batchRecords), options.signal);
      total.stored += delivered.stored;
      total.duplicates += delivered.duplicates;
      total.dead += delivered.dead;
    }
    total.files += 1;
    total.unreadable += unreadable;
    if (unreadable === 0) {
      await unlink(path);
    } else {
      await rename(path, path.replace(/\.replaying$/, `.unreadable`));
    }
  }
  return total;
}

/** Renames, so that a sink that runs meanwhile begins a new file and nothing it adds is removed. */
async function claimFiles(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => []);
  const left = names.filter((name) => name.endsWith('.replaying')).map((name) => join(dir, name));
  for (const name of names.filter((candidate) => /^dead-.*\.ndjson$/.test(candidate))) {
    let path = join(dir, `${name}.replaying`);
    for (let n = 1; left.includes(path); n += 1) {
      path = join(dir, `${name}.${n}.replaying`);
    }
    await rename(join(dir, name), path);
    left.push(path);
  }
  return left.sort();
}

function parseLetters(text: string): { documents: EncodedDocument[]; unreadable: number } {
  const lines = text.split('\n').filter((line) => line !== '');
  const documents = lines.map(parseLetter).filter((document) => document !== undefined);
  return { documents, unreadable: lines.length - documents.length };
}

function parseLetter(line: string): EncodedDocument | undefined {
  try {
    const letter = asRecord(JSON.parse(line));
    const id = asText(letter?.id);
    const stream = streams.find((name) => name === letter?.stream);
    const document = asRecord(letter?.document);
    return id === undefined || stream === undefined || document === undefined
      ? undefined
      : { id, stream, json: JSON.stringify(document) };
  } catch {
    return undefined;
  }
}
