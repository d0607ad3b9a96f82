import { join } from 'node:path';
import type { Position } from './segment.ts';
import type { SpoolFiles } from './spool-files.ts';

/** How far one output has come in each lane. */
export interface Cursor {
  readonly lanes: Readonly<Record<string, Position>>;
}

const SUFFIX = '.cursor.json';

/**
 * Reads every output's cursor. One that cannot be read is left out and named in `damaged`: its output starts with the oldest record again,
 * which sends twice but loses nothing.
 */
export async function readCursors(
  files: SpoolFiles,
  dir: string,
): Promise<{ cursors: Map<string, Cursor>; damaged: string[] }> {
  const cursors = new Map<string, Cursor>();
  const damaged: string[] = [];
  for (const file of (await files.list(dir)).filter((entry) => entry.endsWith(SUFFIX))) {
    const name = file.slice(0, -SUFFIX.length);
    const cursor = parseCursor(await files.read(join(dir, file)));
    if (cursor === undefined) {
      damaged.push(name);
    } else {
      cursors.set(name, cursor);
    }
  }
  return { cursors, damaged };
}

/** Not synced on purpose: a cursor lost with the power sends the last batches again, under the same ids. */
export function writeCursor(files: SpoolFiles, dir: string, name: string, cursor: Cursor): Promise<void> {
  return files.replace(join(dir, `${name}${SUFFIX}`), JSON.stringify(cursor));
}

export function removeCursor(files: SpoolFiles, dir: string, name: string): Promise<void> {
  return files.remove(join(dir, `${name}${SUFFIX}`));
}

function parseCursor(data: Buffer): Cursor | undefined {
  try {
    const value: unknown = JSON.parse(data.toString('utf8'));
    return isCursor(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isCursor(value: unknown): value is Cursor {
  if (typeof value !== 'object' || value === null || !('lanes' in value)) return false;
  const { lanes } = value;
  return typeof lanes === 'object' && lanes !== null && Object.values(lanes).every(isPosition);
}

function isPosition(value: unknown): value is Position {
  if (typeof value !== 'object' || value === null) return false;
  const { segment, offset, sequence } = value as Record<string, unknown>;
  return [segment, offset, sequence].every((number) => Number.isSafeInteger(number) && Number(number) >= 0);
}
