import { type Backoff, type Clock, createBackoff, type Timer } from '@vigilia/service';
import { networkError, SendError } from '../target.ts';
import { type EspaBlock, readTokens } from './block.ts';
import type { Line, OpenLine } from './line.ts';
import {
  type FailureReason,
  freshStation,
  type StationEffect,
  type StationInput,
  type StationSettings,
  type StationState,
  stepStation,
} from './station.ts';

export interface EspaLinkOptions {
  readonly line: Line;
  readonly station: StationSettings;
  /** As the control station: how often the other one is polled, ms. */
  readonly pollIntervalMs: number;
  /** The link counts as lost when the other station was not heard for this long, ms. */
  readonly linkTimeoutMs: number;
  readonly clock: Clock;
  /** A block of the other station, such as the status of a call. */
  readonly onBlock: (block: EspaBlock) => void;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const reconnect = { minMs: 1000, maxMs: 30_000 };

const failures: Readonly<Record<FailureReason, readonly [code: string, message: string, remedy: string]>> = {
  no_answer: [
    'unreachable',
    'The nurse-call system does not answer.',
    'Check cable, address, peer and role, and whether the interface is enabled on the nurse-call system.',
  ],
  busy: ['busy', 'The nurse-call system is busy.', 'The call is sent again. Check the log of the nurse-call system.'],
  rejected: [
    'refused',
    'The nurse-call system does not accept the call.',
    'Check call_address, room_addresses, priority and beep against its configuration.',
  ],
  damaged: [
    'unreachable',
    'The call does not arrive intact.',
    'Check baud, data_bits, parity, stop_bits, charset and the cable.',
  ],
};

/** Keeps the line to the nurse-call system open and sends blocks over it, one at a time. */
export class EspaLink {
  readonly #options: EspaLinkOptions;
  readonly #queue: Waiting[] = [];
  readonly #backoff: Backoff = createBackoff(reconnect);
  #sending: Waiting | undefined;
  #station: StationState = freshStation;
  #open: OpenLine | undefined;
  #phase: 'stopped' | 'connecting' | 'open' | 'closed' = 'stopped';
  #rest: Uint8Array = new Uint8Array();
  #heardMs = 0;
  #openedMs = 0;
  #lostCode: string | undefined;
  #replyTimer: Timer | undefined;
  #pollTimer: Timer | undefined;
  #reconnectTimer: Timer | undefined;

  constructor(options: EspaLinkOptions) {
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
    for (const timer of [this.#replyTimer, this.#pollTimer, this.#reconnectTimer]) timer?.cancel();
    this.#open?.close();
    this.#open = undefined;
    this.#rejectAll(networkError(undefined));
  }

  /** For how long the other station has not been heard, ms; undefined while the link works. */
  get lostForMs(): number | undefined {
    const silentMs = this.#options.clock.monotonic() - this.#heardMs;
    return this.#phase === 'closed' || silentMs > this.#options.linkTimeoutMs ? silentMs : undefined;
  }

  /**
   * Resolves when the other station has acknowledged the block.
   *
   * @throws SendError `unreachable`, `busy`, `refused`; the signal's reason
   */
  send(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    this.start();
    const lostForMs = this.lostForMs;
    if (lostForMs !== undefined) return Promise.reject(this.#lostError());
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { bytes, resolve, reject };
      const withdraw = (): void => this.#withdraw(waiting, signal.reason);
      signal.addEventListener('abort', withdraw, { once: true });
      this.#queue.push(waiting);
      this.#next();
    });
  }

  #connect(): void {
    this.#phase = 'connecting';
    const open = this.#options.line.open({
      onOpen: () => this.#opened(),
      onData: (bytes) => this.#read(bytes),
      onClose: (code) => this.#closed(open, code),
    });
    this.#open = open;
  }

  #opened(): void {
    this.#phase = 'open';
    this.#openedMs = this.#options.clock.monotonic();
    this.#station = freshStation;
    this.#rest = new Uint8Array();
    this.#poll();
    this.#next();
  }

  #closed(open: OpenLine, code: string | undefined): void {
    if (this.#phase === 'stopped' || this.#phase === 'closed' || this.#open !== open) return;
    this.#phase = 'closed';
    this.#lostCode = code;
    this.#replyTimer?.cancel();
    this.#pollTimer?.cancel();
    this.#rejectAll(this.#lostError());
    this.#reconnectTimer = this.#options.clock.setTimeout(() => this.#connect(), this.#backoff.next());
  }

  #read(bytes: Uint8Array): void {
    const { tokens, rest } = readTokens(Uint8Array.from([...this.#rest, ...bytes]));
    this.#rest = rest;
    if (tokens.length > 0) {
      this.#heardMs = this.#options.clock.monotonic();
      this.#backoff.reset();
    }
    for (const token of tokens) this.#step({ kind: 'token', token });
  }

  #poll(): void {
    const { clock, linkTimeoutMs } = this.#options;
    const open = this.#open;
    if (open !== undefined && clock.monotonic() - Math.max(this.#heardMs, this.#openedMs) > linkTimeoutMs) {
      // a connection whose other end lost its power stays open for many minutes
      this.#closed(open, undefined);
      open.close();
      return;
    }
    this.#step({ kind: 'poll' });
    this.#pollTimer = this.#options.clock.setTimeout(() => this.#poll(), this.#options.pollIntervalMs);
  }

  #next(): void {
    if (this.#phase !== 'open' || this.#sending !== undefined) return;
    this.#sending = this.#queue.shift();
    if (this.#sending !== undefined) this.#step({ kind: 'send', bytes: this.#sending.bytes });
  }

  #step(input: StationInput): void {
    const { state, effects } = stepStation(this.#options.station, this.#station, input);
    this.#station = state;
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: StationEffect): void {
    switch (effect.kind) {
      case 'write':
        this.#open?.write(effect.bytes);
        return;
      case 'wait':
        this.#wait(effect.ms);
        return;
      case 'received':
        this.#options.onBlock(effect.block);
        return;
      case 'sent':
        this.#settle((waiting) => waiting.resolve());
        return;
      case 'failed': {
        const [code, message, remedy] = failures[effect.reason];
        this.#settle((waiting) => waiting.reject(new SendError({ code, message, remedy })));
      }
    }
  }

  #wait(ms: number | undefined): void {
    this.#replyTimer?.cancel();
    if (ms === undefined) return;
    this.#replyTimer = this.#options.clock.setTimeout(() => {
      // What is incomplete by now never will be.
      this.#rest = new Uint8Array();
      this.#step({ kind: 'timeout' });
    }, ms);
  }

  /** The next block is handed over when all effects of this one have been carried out. */
  #settle(how: (waiting: Waiting) => void): void {
    const waiting = this.#sending;
    this.#sending = undefined;
    if (waiting !== undefined) how(waiting);
    queueMicrotask(() => this.#next());
  }

  #withdraw(waiting: Waiting, reason: unknown): void {
    waiting.reject(reason);
    const at = this.#queue.indexOf(waiting);
    if (at >= 0) this.#queue.splice(at, 1);
    if (this.#sending !== waiting) return;
    this.#sending = undefined;
    this.#step({ kind: 'withdraw' });
    this.#next();
  }

  #rejectAll(error: SendError): void {
    const all = [this.#sending, ...this.#queue.splice(0)];
    this.#sending = undefined;
    for (const waiting of all) waiting?.reject(error);
  }

  #lostError(): SendError {
    if (this.#lostCode === 'serialport_missing') {
      return new SendError({
        code: 'unreachable',
        message: 'The package serialport is not installed or does not support this machine.',
        remedy: 'Run "npm ci" again, or connect through a serial device server with host and port.',
      });
    }
    if (this.#phase === 'closed') return networkError(this.#lostCode);
    const [code, message, remedy] = failures.no_answer;
    return new SendError({ code, message, remedy });
  }
}
