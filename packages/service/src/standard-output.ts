import { constants, fstatSync, openSync } from 'node:fs';
import pino from 'pino';

/** What waits for the reader, bytes: some thousand lines. */
const longestWait = 1024 * 1024;
/** Pause before the next try: of a reader that took something, and of one that took nothing. */
const retryMs = { reading: 5, hanging: 100 };
/** How long the end of the process waits for the reader to take the last lines, and how often it tries. */
const lastFlush = { limitMs: 500, pauseMs: 20 };

/**
 * Writes lines to standard output and never waits for the reader: a full pipe and a stopped terminal (Ctrl-S) must not stop
 * a service. Up to 1 MB waits; what does not fit is dropped and counted, and reported once the reader is back.
 */
export class StandardOutput {
  readonly #output: ReturnType<typeof pino.destination>;
  #waitingBytes = 0;
  /** Bytes that the reader took since the last failure. */
  #taken = 0;
  #dropped = 0;
  #unreported = 0;
  #readerGone = false;
  #retry: NodeJS.Timeout | undefined;
  #report: ((dropped: number) => void) | undefined;

  constructor() {
    // `sync` on a descriptor that does not block: what the system does not take at once stays in the buffer
    const fd = nonBlockingStandardOutput();
    this.#output = pino.destination({ dest: fd, sync: true, maxLength: longestWait, retryEAGAIN: () => false });
    this.#output.on('write', (bytes: number) => {
      this.#waitingBytes -= bytes;
      this.#taken += bytes;
    });
    this.#output.on('drop', (line: string) => {
      this.#waitingBytes -= Buffer.byteLength(line);
      this.#countDropped();
    });
    this.#output.on('error', (error: NodeJS.ErrnoException) => this.#failed(error));
    process.once('exit', () => this.#flush());
  }

  /** Lines that the reader will never get, since the process started. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Sets what logs how many lines were dropped; the first one is kept. */
  reportWith(report: (dropped: number) => void): void {
    this.#report ??= report;
  }

  write(line: string): void {
    if (this.#readerGone) {
      this.#countDropped();
      return;
    }
    this.#reportDropped();
    this.#waitingBytes += Buffer.byteLength(line);
    this.#output.write(line);
  }

  #countDropped(): void {
    this.#dropped += 1;
    this.#unreported += 1;
  }

  /** Reports it when there is room again, so that it stands where the lines are missing. */
  #reportDropped(): void {
    if (this.#unreported === 0 || this.#waitingBytes > longestWait / 2) return;
    const count = this.#unreported;
    this.#unreported = 0;
    this.#report?.(count);
  }

  #failed({ code }: NodeJS.ErrnoException): void {
    if (code === 'EPIPE') {
      this.#readerGone = true;
      return;
    }
    const delayMs = this.#taken > 0 ? retryMs.reading : retryMs.hanging;
    this.#taken = 0;
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#tryAgain();
    }, delayMs).unref();
  }

  #tryAgain(): void {
    // an empty line makes it write what waits
    this.#output.write('');
    this.#reportDropped();
  }

  #flush(): void {
    const endMs = performance.now() + lastFlush.limitMs;
    const pause = new Int32Array(new SharedArrayBuffer(4));
    while (this.#waitingBytes > 0 && !this.#readerGone && performance.now() < endMs) {
      this.#tryAgain();
      if (this.#waitingBytes > 0) {
        Atomics.wait(pause, 0, 0, lastFlush.pauseMs);
      }
    }
  }
}

/**
 * Returns a descriptor of standard output that does not block. A pipe or a terminal is opened a second time, because the
 * first opening is shared with other processes, which may rely on waiting; libuv does the same with terminals.
 */
function nonBlockingStandardOutput(): number {
  const stat = fstatSync(1);
  if (stat.isFile()) return 1;
  try {
    return openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    // a socket (systemd's journal) cannot be opened; Node.js makes it non-blocking when it hands out the stream
    return process.stdout.fd;
  }
}

let shared: StandardOutput | undefined;

/** Returns the one output of this process: two would tear each other's lines apart. */
export function standardOutput(): StandardOutput {
  shared ??= new StandardOutput();
  return shared;
}

/** Returns how many log lines this process has dropped. */
export function droppedLogLines(): number {
  return shared?.dropped ?? 0;
}
