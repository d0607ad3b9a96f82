import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '@vigilia/service';
import { z } from 'zod';
import { damaged, readArchive } from './archive.ts';
import { backupFormatVersion, type Manifest, manifestName, manifestSchema } from './manifest.ts';

/** A backup whose content was verified, extracted to a folder that only this user can read until it is disposed of. */
export interface OpenBackup extends AsyncDisposable {
  readonly manifest: Manifest;
  readonly folder: string;
}

/**
 * Decrypts a backup and verifies that it contains exactly the files of its manifest.
 * @throws UsageError `backup_too_new`, `backup_damaged`, and those of `readArchive`
 */
export async function openBackup(file: string, passphrase: string): Promise<OpenBackup> {
  const folder = await mkdtemp(join(tmpdir(), 'vigilia-restore-'));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await readArchive(file, folder, passphrase);
    const manifest = await readManifest(file, folder);
    await verifyFiles(file, folder, manifest);
    return { manifest, folder, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function readManifest(file: string, folder: string): Promise<Manifest> {
  const content = await readFile(join(folder, manifestName), 'utf8').then(JSON.parse, (cause: unknown) => {
    throw damaged(file, cause);
  });
  const head = z.object({ format_version: z.int(), vigilia_version: z.string() }).safeParse(content);
  if (head.success && head.data.format_version > backupFormatVersion) {
    throw new UsageError({
      code: 'backup_too_new',
      message: `${file} was made by Vigilia ${head.data.vigilia_version}, which writes format ${head.data.format_version}; this version reads format ${backupFormatVersion}.`,
      remedy: `Restore it with Vigilia ${head.data.vigilia_version} or later.`,
    });
  }
  const parsed = manifestSchema.safeParse(content);
  if (!parsed.success) throw damaged(file, parsed.error);
  return parsed.data;
}

async function verifyFiles(file: string, folder: string, { files }: Manifest): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .filter((path) => path !== manifestName);
  const known = new Set(files.map(({ path }) => path));
  if (found.length !== known.size || !found.every((path) => known.has(path))) throw damaged(file);
  for (const { path, sha256 } of files) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(join(folder, path)), hash);
    if (hash.digest('hex') !== sha256) throw damaged(file);
  }
}
