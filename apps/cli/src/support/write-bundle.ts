import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { create } from 'tar';

/** Writes texts by name as a compressed tar that only its owner can read. @throws the system's error, also for a file that exists */
export async function writeBundle(file: string, texts: ReadonlyMap<string, string>): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'vigilia-support-'));
  try {
    for (const [name, text] of texts) {
      await mkdir(dirname(join(work, name)), { recursive: true });
      await writeFile(join(work, name), text, { mode: 0o600 });
    }
    const packed = Readable.from(create({ cwd: work, gzip: true, portable: true }, [...texts.keys()]));
    await pipeline(packed, createWriteStream(file, { mode: 0o600, flags: 'wx' }));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
