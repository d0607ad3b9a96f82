import { mkdir, open, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';

/** The few file operations the spool needs: the seam at which tests make a disk full, read-only or failing. */
export interface SpoolFiles {
  makeDir(path: string): Promise<void>;
  list(dir: string): Promise<string[]>;
  size(path: string): Promise<number>;
  remove(path: string): Promise<void>;
  read(path: string): Promise<Buffer>;
  /** Writes beside and renames over, so that a reader sees the old or the new content, never half. */
  replace(path: string, data: string): Promise<void>;
  syncDir(dir: string): Promise<void>;
  open(path: string, mode: 'create' | 'append' | 'read'): Promise<SpoolFile>;
}

export interface SpoolFile {
  write(data: Buffer, position: number): Promise<void>;
  read(length: number, position: number): Promise<Buffer>;
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

export const nodeSpoolFiles: SpoolFiles = {
  makeDir: async (path) => void (await mkdir(path, { recursive: true })),
  list: (dir) => readdir(dir),
  size: async (path) => (await stat(path)).size,
  remove: (path) => unlink(path),
  read: (path) => readFile(path),
  replace: async (path, data) => {
    await writeFile(`${path}.new`, data);
    await rename(`${path}.new`, path);
  },
  syncDir: async (dir) => {
    const handle = await open(dir, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
  open: async (path, mode) => {
    const handle = await open(path, { create: 'wx+', append: 'r+', read: 'r' }[mode]);
    return {
      write: async (data, position) => {
        for (let done = 0; done < data.length; ) {
          done += (await handle.write(data, done, data.length - done, position + done)).bytesWritten;
        }
      },
      read: async (length, position) => {
        const buffer = Buffer.allocUnsafe(length);
        let done = 0;
        while (done < length) {
          const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return buffer.subarray(0, done);
      },
      sync: () => handle.datasync(),
      truncate: (length) => handle.truncate(length),
      close: () => handle.close(),
    };
  },
};
