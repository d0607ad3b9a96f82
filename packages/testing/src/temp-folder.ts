import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TempFolder extends AsyncDisposable {
  readonly path: string;
  /** A path inside it. */
  file(name: string): string;
  remove(): Promise<void>;
}

/** A new folder of its own below the system's temporary folder. */
export async function tempFolder(name = 'test'): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), `vigilia-${name}-`));
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
  return { path, file: (part) => join(path, part), remove, [Symbol.asyncDispose]: remove };
}
