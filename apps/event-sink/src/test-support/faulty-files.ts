import { nodeSpoolFiles, type SpoolFile, type SpoolFiles } from '../spool/spool-files.ts';

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made by the test`), { code });
}

/** Real files with the faults of a bad disk: full, read-only, a sync that fails. Notes the order of what is asked of it. */
export class FaultyFiles implements SpoolFiles {
  /** What the disk holds; a write beyond it leaves what fits and fails with ENOSPC, as the kernel does. */
  capacityBytes = Number.POSITIVE_INFINITY;
  readOnly = false;
  failSyncs = 0;
  /** Awaited before each sync: a slow disk. */
  beforeSync: (() => Promise<void>) | undefined;
  readonly operations: string[] = [];
  readonly #sizes = new Map<string, number>();

  get #used(): number {
    return [...this.#sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  makeDir = (path: string) => this.#writable(() => nodeSpoolFiles.makeDir(path));
  list = (dir: string) => nodeSpoolFiles.list(dir);
  size = (path: string) => nodeSpoolFiles.size(path);
  read = (path: string) => nodeSpoolFiles.read(path);
  /** The new content stands beside the old until it is renamed over it. */
  replace = (path: string, data: string) =>
    this.#writable(async () => {
      if (this.#used + data.length > this.capacityBytes) throw systemError('ENOSPC');
      await nodeSpoolFiles.replace(path, data);
      this.#sizes.set(path, data.length);
    });
  syncDir = (dir: string) => nodeSpoolFiles.syncDir(dir);

  remove = async (path: string) => {
    await this.#writable(() => nodeSpoolFiles.remove(path));
    this.#sizes.delete(path);
  };

  open = async (path: string, mode: 'create' | 'append' | 'read'): Promise<SpoolFile> => {
    if (mode !== 'read' && this.readOnly) throw systemError('EROFS');
    const file = await nodeSpoolFiles.open(path, mode);
    if (mode === 'read') return file;
    return {
      read: file.read,
      close: file.close,
      write: (data, position) => this.#write(file, path, data, position),
      sync: () => this.#sync(file),
      truncate: async (length) => {
        await file.truncate(length);
        this.#sizes.set(path, length);
      },
    };
  };

  async #write(file: SpoolFile, path: string, data: Buffer, position: number): Promise<void> {
    if (this.readOnly) throw systemError('EROFS');
    const others = this.#used - (this.#sizes.get(path) ?? 0);
    const fits = Math.max(0, Math.min(data.length, this.capacityBytes - others - position));
    await file.write(data.subarray(0, fits), position);
    this.#sizes.set(path, position + fits);
    this.operations.push('write');
    if (fits < data.length) throw systemError('ENOSPC');
  }

  async #sync(file: SpoolFile): Promise<void> {
    if (this.failSyncs > 0) {
      this.failSyncs -= 1;
      throw systemError('EIO');
    }
    await this.beforeSync?.();
    await file.sync();
    this.operations.push('sync');
  }

  async #writable<T>(work: () => Promise<T>): Promise<T> {
    if (this.readOnly) throw systemError('EROFS');
    return work();
  }
}
