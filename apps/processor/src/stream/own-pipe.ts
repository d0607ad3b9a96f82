import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Takes what is read. */
export interface PipeReader {
  /** Where the next bytes are to be put; never empty. */
  freeSpace(): Uint8Array;
  /** So many bytes were put there. */
  filled(bytes: number): void;
}

/** The two ends of a pipe: one for a child process, the other is being read. */
export interface OwnPipe {
  /** For `stdio` of `spawn`; to be destroyed here once the child has it. */
  readonly childEnd: Socket;
  /** Ends when the child has closed its end. */
  readonly ownEnd: Socket;
}

/**
 * Opens a pipe that is read straight into the reader's memory. The pipes that Node makes for a child allocate a buffer of 64 kB
 * a read: for raw video that is tens of megabytes of garbage a second, and more CPU time than everything else that is done with
 * a frame. A socket of Linux's abstract namespace leaves no file behind; its name is secret and accepts one connection.
 * @param readsOn returns, after so many bytes were read at once, whether reading continues; `ownEnd.resume()` continues it otherwise
 */
export async function openPipe(reader: PipeReader, readsOn: (bytes: number) => boolean = () => true): Promise<OwnPipe> {
  const path = `\0vigilia-${randomUUID()}`;
  const server = createServer();
  server.listen(path);
  await once(server, 'listening');
  const callback = (bytes: number): boolean => {
    reader.filled(bytes);
    return readsOn(bytes);
  };
  const ownEnd = connect({ path, onread: { buffer: () => reader.freeSpace(), callback } });
  ownEnd.on('error', () => {}); // as good as closed
  const [childEnd] = (await once(server, 'connection')) as [Socket];
  server.close();
  return { childEnd, ownEnd };
}
