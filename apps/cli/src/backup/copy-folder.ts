import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '@vigilia/service';
import type { BackupFile } from './manifest.ts';

const attempts = 3;
const chunkBytes = 1 << 20;

/**
 * Copies the regular files of a folder that services may be writing to. Services replace files by renaming or append to them, so that
 * each copy is one state of its file. Locks and unfinished writes are left out.
 * @returns the copied files, with paths below `to`
 * @throws UsageError `folder_unreadable`, `file_changes` when a file becomes shorter while it is read
 */
export async function copyFolder(from: string, to: string): Promise<BackupFile[]> {
  const files: BackupFile[] = [];
  for (const path of await filesOf(from)) {
    files.push(await copyFile(join(from, path), join(to, path), path));
  }
  return files;
}

/** Returns the paths of the regular files in a folder, relative to it, sorted. @throws UsageError `folder_unreadable` */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
  return entries
    .filter((entry) => entry.isFile() && !isTransient(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(folder, '/').length))
    .sort();
}

/** Locks (`file-lock.ts` of the console) and files of `writeFileAtomic` that are not finished. */
function isTransient(name: string): boolean {
  return name.endsWith('.lock') || (name.startsWith('.') && name.endsWith('.tmp'));
}

async function copyFile(from: string, to: string, path: string): Promise<BackupFile> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const copied = await copyOnce(from, to);
    if (copied !== undefined) return { path, ...copied };
  }
  throw new UsageError({
    code: 'file_changes',
    message: `${from} became shorter while it was read, ${attempts} times.`,
    remedy: 'Stop the service that writes it, then make the backup again.',
  });
}

/** Returns undefined when the file became shorter. */
async function copyOnce(from: string, to: string): Promise<{ bytes: number; sha256: string } | undefined> {
  await using source = await open(from, 'r').catch((cause: unknown) => {
    throw unreadable(from, cause);
  });
  const { size, mode } = await source.stat();
  await using target = await open(to, 'w', mode & 0o777);
  // awaited here: the files are closed when the function returns
  return await transfer(source, target, size);
}

async function transfer(source: FileHandle, target: FileHandle, size: number) {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(Math.min(chunkBytes, Math.max(size, 1)));
  for (let done = 0; done < size; ) {
    const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, size - done), done);
    if (bytesRead === 0) return undefined;
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await target.writeFile(chunk);
    done += bytesRead;
  }
  return { bytes: size, sha256: hash.digest('hex') };
}

function unreadable(path: string, cause: unknown): UsageError {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  return new UsageError({
    code: 'folder_unreadable',
    message: `${path} cannot be read (${reason}).`,
    remedy: 'Check the path, and run the command as a user who may read it.',
    cause,
  });
}
