import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of a needle, and how many different ones it needs: chance does not repeat them. */
const needleBytes = 48;
const leastDifferent = 8;
/** Larger files are databases and videos of others. */
const mostFileBytes = 64_000_000;

/**
 * Searches for pieces of data as they are and in each form in which programs write bytes as text: base64 at any offset, hex digits,
 * lists of numbers.
 */
export class PlantedSearch {
  /** By their first two bytes. */
  readonly #needles = new Map<number, Buffer[]>();

  /**
   * @param secrets pieces of data; those that are nearly uniform are left out
   * @throws Error when fewer than half are left
   */
  constructor(secrets: readonly Buffer[]) {
    const pieces = secrets.map((secret) => secret.subarray(0, needleBytes)).filter(isUnique);
    if (pieces.length < secrets.length / 2) {
      throw new Error(`only ${pieces.length} of ${secrets.length} pieces have enough contrast`);
    }
    for (const needle of pieces.flatMap(forms)) {
      const start = needle.readUInt16BE();
      this.#needles.set(start, [...(this.#needles.get(start) ?? []), needle]);
    }
  }

  /** Whether any of it is in there. */
  finds(data: Buffer | string): boolean {
    const haystack = Buffer.from(data);
    for (let at = 0, start = 0; at < haystack.length; at++) {
      start = ((start << 8) | (haystack[at] ?? 0)) & 0xffff;
      const needles = this.#needles.get(start);
      if (needles?.some((needle) => haystack.subarray(at - 1, at - 1 + needle.length).equals(needle))) return true;
    }
    return false;
  }

  /** Files below the folders that contain any of it, of those that were written since a moment. */
  files(folders: readonly string[], sinceMs: number): string[] {
    return folders.flatMap((folder) => filesBelow(folder, sinceMs)).filter((path) => this.finds(readable(path)));
  }
}

const isUnique = (piece: Buffer): boolean => piece.length === needleBytes && new Set(piece).size >= leastDifferent;

/** A piece as programs write it. */
function forms(bytes: Buffer): readonly Buffer[] {
  // the last characters depend on what follows
  const base64 = [0, 1, 2].map((offset) => bytes.subarray(offset).toString('base64').replace(/=+$/, '').slice(0, -2));
  const hex = bytes.toString('hex');
  const numbers = [...bytes];
  const texts = [...base64, hex, hex.toUpperCase(), numbers.join(','), numbers.join(', ')];
  return [bytes, ...texts.map((text) => Buffer.from(text))];
}

function filesBelow(folder: string, sinceMs: number): string[] {
  const entries = unlessRemoved(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, sinceMs);
    const file = entry.isFile() ? unlessRemoved(() => statSync(path)) : undefined;
    return file !== undefined && file.mtimeMs >= sinceMs && file.size <= mostFileBytes ? [path] : [];
  });
}

function readable(path: string): Buffer {
  return unlessRemoved(() => readFileSync(path)) ?? Buffer.alloc(0);
}

/** undefined for what another user has, or what was removed meanwhile: each file alone, so that the others are searched. */
function unlessRemoved<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
