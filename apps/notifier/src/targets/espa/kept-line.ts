import { type Backoff, type Clock, createBackoff, type Timer } from '@vigilia/service';
import { networkError, SendError } from '../target.ts';
import type { Line, OpenLine } from './line.ts';

export interface KeptLineOptions {
  readonly line: Line;
  readonly clock: Clock;
  /** The line counts as lost when nothing was heard for this long, ms. */
  readonly linkTimeoutMs: number;
  readonly onOpen: () => void;
  readonly onData: (bytes: Uint8Array) => void;
  /** The line is closed, and will be opened again. */
  readonly onLost: (failure: SendError) => void;
}

const reconnect = { minMs: 1000, maxMs: 30_000 };

/** Keeps a line to another system open: opens it again after it was lost, and knows for how long nothing was heard. */
export class KeptLine {
  readonly #options: KeptLineOptions;
  readonly #backoff: Backoff = createBackoff(reconnect);
  #open: OpenLine | undefined;
  #phase: 'stopped' | 'connecting' | 'open' | 'closed' = 'stopped';
  #heardMs = 0;
  #openedMs = 0;
  #failure = networkError(undefined);
  #reconnectTimer: Timer | undefined;

  constructor(options: KeptLineOptions) {
    this.#options = options;
  }

  /** Opens the line and keeps it open; does nothing when it was called before. */
  start(): void {
    if (this.#phase !== 'stopped') return;
    this.#heardMs = this.#options.clock.monotonic();
    this.#connect();
  }

  stop(): void {
    this.#phase = 'stopped';
    this.#reconnectTimer?.cancel();
    this.#open?.close();
    this.#open = undefined;
  }

  get isOpen(): boolean {
    return this.#phase === 'open';
  }

  /** Why the line is closed; undefined while it is not. */
  get failure(): SendError | undefined {
    return this.#phase === 'closed' ? this.#failure : undefined;
  }

  /** For how long the other system has not been heard, ms; undefined while the line works. */
  get lostForMs(): number | undefined {
    const silentMs = this.#options.clock.monotonic() - this.#heardMs;
    return this.#phase === 'closed' || silentMs > this.#options.linkTimeoutMs ? silentMs : undefined;
  }

  /** Whether nothing has been heard for too long since the line was opened. */
  get isSilent(): boolean {
    const { clock, linkTimeoutMs } = this.#options;
    return clock.monotonic() - Math.max(this.#heardMs, this.#openedMs) > linkTimeoutMs;
  }

  write(bytes: Uint8Array): void {
    this.#open?.write(bytes);
  }

  /** The other system was heard. */
  heard(): void {
    this.#heardMs = this.#options.clock.monotonic();
  }

  /** The other system works: when the line is lost, it is opened again soon. */
  works(): void {
    this.#backoff.reset();
  }

  /** Gives up a line that does not work, although the other end keeps it open; it will be opened again. */
  drop(failure: SendError): void {
    const open = this.#open;
    if (open === undefined || this.#phase === 'closed') return;
    this.#closed(open, failure);
    open.close();
  }

  #connect(): void {
    this.#phase = 'connecting';
    const open = this.#options.line.open({
      onOpen: () => this.#opened(),
      onData: (bytes) => this.#options.onData(bytes),
      onClose: (code) => this.#closed(open, lineFailure(code)),
    });
    this.#open = open;
  }

  #opened(): void {
    this.#phase = 'open';
    this.#openedMs = this.#options.clock.monotonic();
    this.#options.onOpen();
  }

  #closed(open: OpenLine, failure: SendError): void {
    if (this.#phase === 'stopped' || this.#phase === 'closed' || this.#open !== open) return;
    this.#phase = 'closed';
    this.#failure = failure;
    this.#options.onLost(failure);
    this.#reconnectTimer = this.#options.clock.setTimeout(() => this.#connect(), this.#backoff.next());
  }
}

function lineFailure(code: string | undefined): SendError {
  if (code !== 'serialport_missing') return networkError(code);
  return new SendError({
    code: 'unreachable',
    message: 'The package serialport is not installed or does not support this machine.',
    remedy: 'Run "npm ci" again, or connect through a serial device server with host and port.',
  });
}
