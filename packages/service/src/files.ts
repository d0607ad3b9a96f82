import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A file is there but does not hold what it should; code `corrupt_file`. */
export class CorruptFileError extends Error {
  override readonly name = 'CorruptFileError';
  readonly code = 'corrupt_file';
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(`${path} is not valid JSON`, { cause });
    this.path = path;
  }
}

/**
 * Replaces a file so that a reader, or the next start after a power cut, sees the old content or the new, never half of it:
 * temporary file in the same folder, fsync, rename, fsync of the folder. The folder is made where it is missing.
 *
 * @throws the system's error (ENOSPC, EACCES …); the old file is then untouched and no temporary file stays
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array, mode = 0o644): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    await writeAndClose(file, data);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Removes what writers that were killed in the middle of `writeFileAtomic` left beside the file. No other writer may be active. */
export async function removeAbandonedWrites(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  const abandoned = names.filter((name) => name.startsWith(`.${basename(path)}.`) && name.endsWith('.tmp'));
  await Promise.all(abandoned.map((name) => rm(join(dirname(path), name), { force: true })));
}

/**
 * Reads a JSON file; `undefined` when there is none.
 *
 * @throws CorruptFileError (`corrupt_file`) when it is not JSON; the system's error when it cannot be read
 */
export async function readJsonFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CorruptFileError(path, error);
  }
}

async function writeAndClose(file: FileHandle, data: string | Uint8Array): Promise<void> {
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
