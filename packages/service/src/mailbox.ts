/** A bounded queue whose items are handled one at a time, in order. */
export interface Mailbox<T> {
  /** Items that wait, without the one being handled. */
  readonly waiting: number;
  /** Puts an item at the end; `false` when the queue is full or closed (the item is then not taken). */
  post(item: T): boolean;
  /** Resolves when nothing waits and nothing is being handled. */
  idle(): Promise<void>;
  /** Takes no more; drops what waits; resolves when the item in hand is done. Idempotent. */
  close(): Promise<void>;
}

export interface MailboxOptions<T> {
  /** Items that may wait besides the one being handled. */
  capacity: number;
  handle: (item: T) => void | Promise<void>;
  /** A failing handler must not stop the queue: its error goes here. */
  onError: (error: unknown, item: T) => void;
}

export function createMailbox<T>({ capacity, handle, onError }: MailboxOptions<T>): Mailbox<T> {
  const queue: T[] = [];
  let closed = false;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      try {
        await handle(item);
      } catch (error) {
        onError(error, item);
      }
    }
    running = undefined;
  };
  return {
    get waiting() {
      return queue.length;
    },
    post: (item) => {
      if (closed || (running !== undefined && queue.length >= capacity)) {
        return false;
      }
      queue.push(item);
      running ??= Promise.resolve().then(run);
      return true;
    },
    idle: () => running ?? Promise.resolve(),
    close: () => {
      closed = true;
      queue.length = 0;
      return running ?? Promise.resolve();
    },
  };
}
