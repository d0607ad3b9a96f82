import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { UsageError } from '@vigilia/service';
import { Decrypter, Encrypter } from 'age-encryption';
import { create, extract } from 'tar';

const ageHeader = 'age-encryption.org/v1\n';

/**
 * Writes a folder as a compressed tar, encrypted with a passphrase in the format age (https://age-encryption.org/v1, recipient
 * scrypt): `age --decrypt FILE | tar xz` reads it as well. The file appears only when it is complete.
 * @throws the system's error
 */
export async function writeArchive(folder: string, file: string, passphrase: string): Promise<void> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  const tar = Readable.from(create({ cwd: folder, gzip: true, portable: true }, ['.']));
  const temporary = `${file}.${process.pid}.part`;
  try {
    const encrypted = await encrypter.encrypt(webStream(tar));
    const out = createWriteStream(temporary, { mode: 0o600, flags: 'wx', flush: true });
    await pipeline(Readable.fromWeb(encrypted as NodeReadableStream), out);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Decrypts and extracts a file of `writeArchive` to an empty folder. Only files and folders are extracted.
 * @throws UsageError `backup_unreadable`, `not_a_backup`, `wrong_passphrase`, `backup_damaged`
 */
export async function readArchive(file: string, folder: string, passphrase: string): Promise<void> {
  await checkHeader(file);
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const plain = await decrypter.decrypt(webStream(createReadStream(file))).catch((cause: unknown) => {
    throw new UsageError({
      code: 'wrong_passphrase',
      message: `The passphrase does not open ${file}.`,
      remedy: 'Give the passphrase with which this backup was made.',
      cause,
    });
  });
  const files = extract({
    cwd: folder,
    strict: true,
    filter: (_, entry) => 'type' in entry && (entry.type === 'File' || entry.type === 'Directory'),
  });
  await pipeline(Readable.fromWeb(plain as NodeReadableStream), files).catch((cause: unknown) => {
    throw damaged(file, cause);
  });
}

/** Returns the error for a backup whose content is not what was written. */
export function damaged(file: string, cause?: unknown): UsageError {
  return new UsageError({
    code: 'backup_damaged',
    message: `${file} is damaged or incomplete. Nothing was restored.`,
    remedy: 'Use another copy of it, or an earlier backup.',
    cause,
  });
}

async function checkHeader(file: string): Promise<void> {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw new UsageError({
      code: 'backup_unreadable',
      message: `${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      remedy: 'Check the path and its permissions.',
      cause,
    });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(ageHeader.length), 0, ageHeader.length, 0);
    if (buffer.toString('latin1', 0, bytesRead) === ageHeader) return;
  } finally {
    await handle.close();
  }
  throw new UsageError({
    code: 'not_a_backup',
    message: `${file} is not a backup of Vigilia.`,
    remedy: 'Give a file that "vigilia backup" wrote.',
  });
}

/** The library takes streams of the web; Node's types of them differ from those of the DOM. */
function webStream(stream: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as unknown as ReadableStream<Uint8Array>;
}
