import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@vigilia/service';

/** Room for the largest input a model may have; what is not written takes no memory. */
const slotBytes = 4096 * 4096 * 3;

/**
 * Memory that a processor and its model host share: a file without a name on a memory file system. Handing a frame
 * over costs one copy on each side; through the channel it would be five.
 */
export class FrameMemory {
  readonly fd: number;
  readonly #used = new Set<number>();
  #closed = false;

  constructor(options: { readonly fd: number }) {
    this.fd = options.fd;
  }

  /** Copies a frame in; the offset is its place until `release(offset)`. Throws as `write` does, such as `ENOSPC`. */
  put(data: Uint8Array): number {
    let slot = 0;
    while (this.#used.has(slot)) {
      slot++;
    }
    const offset = slot * slotBytes;
    for (let done = 0; done < data.length; ) {
      done += writeSync(this.fd, data, done, data.length - done, offset + done);
    }
    this.#used.add(slot);
    return offset;
  }

  release(offset: number): void {
    this.#used.delete(offset / slotBytes);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.fd);
  }
}

/**
 * Opens a file that no longer has a name: it cannot be left behind, whatever happens to the processes.
 * @throws UsageError `frame_memory_unusable`
 */
export function openFrameMemory(folders: readonly string[] = ['/dev/shm', tmpdir()]): FrameMemory {
  const failures: string[] = [];
  for (const folder of folders) {
    const path = join(folder, `vigilia-${process.pid}-${randomUUID()}`);
    try {
      const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
      unlinkSync(path);
      return new FrameMemory({ fd });
    } catch (error) {
      failures.push(`${folder}: ${(error as NodeJS.ErrnoException).code ?? 'error'}`);
    }
  }
  throw new UsageError({
    code: 'frame_memory_unusable',
    message: `Frames cannot be handed to the model: no folder for them can be written (${failures.join(', ')}).`,
    remedy: 'Make /dev/shm writable for this user, or set TMPDIR to a folder that is.',
  });
}
