import type { Clock, Timer } from '@vigilia/service';
import { networkError, SendError } from '../target.ts';
import { type EspaBlock, readTokens } from './block.ts';
import { KeptLine } from './kept-line.ts';
import type { Line } from './line.ts';
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
  readonly #line: KeptLine;
  #sending: Waiting | undefined;
  #station: StationState = freshStation;
  #rest: Uint8Array = new Uint8Array();
  #replyTimer: Timer | undefined;
  #pollTimer: Timer | undefined;

  constructor(options: EspaLinkOptions) {
    this.#options = options;
    const { line, clock, linkTimeoutMs } = options;
    this.#line = new KeptLine({
      line,
      clock,
      linkTimeoutMs,
      onOpen: () => this.#opened(),
      onData: (bytes) => this.#read(bytes),
      onLost: (failure) => this.#lost(failure),
    });
  }

  /** Opens the line and keeps it open; does nothing when it was called before. */
  start(): void {
    this.#line.start();
  }

  stop(): void {
    this.#line.stop();
    this.#replyTimer?.cancel();
    this.#pollTimer?.cancel();
    this.#rejectAll(networkError(undefined));
  }

  /** For how long the other station has not been heard, ms; undefined while the link works. */
  get lostForMs(): number | undefined {
    return this.#line.lostForMs;
  }

  /**
   * Resolves when the other station has acknowledged the block.
   *
   * @throws SendError `unreachable`, `busy`, `refused`; the signal's reason
   */
  send(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    this.start();
    if (this.lostForMs !== undefined) return Promise.reject(this.#line.failure ?? failed('no_answer'));
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { bytes, resolve, reject };
      const withdraw = (): void => this.#withdraw(waiting, signal.reason);
      signal.addEventListener('abort', withdraw, { once: true });
      this.#queue.push(waiting);
      this.#next();
    });
  }

  #opened(): void {
    this.#station = freshStation;
    this.#rest = new Uint8Array();
    this.#poll();
    this.#next();
  }

  #lost(failure: SendError): void {
    this.#replyTimer?.cancel();
    this.#pollTimer?.cancel();
    this.#rejectAll(failure);
  }

  #read(bytes: Uint8Array): void {
    const { tokens, rest } = readTokens(Uint8Array.from([...this.#rest, ...bytes]));
    this.#rest = rest;
    if (tokens.length > 0) {
      this.#line.heard();
      this.#line.works();
    }
    for (const token of tokens) {
      this.#step({ kind: 'token', token });
    }
  }

  #poll(): void {
    if (this.#line.isSilent) {
      // a connection whose other end lost its power stays open for many minutes
      this.#line.drop(networkError(undefined));
      return;
    }
    this.#step({ kind: 'poll' });
    this.#pollTimer = this.#options.clock.setTimeout(() => this.#poll(), this.#options.pollIntervalMs);
  }

  #next(): void {
    if (!this.#line.isOpen || this.#sending !== undefined) return;
    this.#sending = this.#queue.shift();
    if (this.#sending !== undefined) {
      this.#step({ kind: 'send', bytes: this.#sending.bytes });
    }
  }

  #step(input: StationInput): void {
    const { state, effects } = stepStation(this.#options.station, this.#station, input);
    this.#station = state;
    for (const effect of effects) {
      this.#do(effect);
    }
  }

  #do(effect: StationEffect): void {
    switch (effect.kind) {
      case 'write':
        this.#line.write(effect.bytes);
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
      case 'failed':
        this.#settle((waiting) => waiting.reject(failed(effect.reason)));
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
    if (waiting !== undefined) {
      how(waiting);
    }
    queueMicrotask(() => this.#next());
  }

  #withdraw(waiting: Waiting, reason: unknown): void {
    waiting.reject(reason);
    const at = this.#queue.indexOf(waiting);
    if (at >= 0) {
      this.#queue.splice(at, 1);
    }
    if (this.#sending !== waiting) return;
    this.#sending = undefined;
    this.#step({ kind: 'withdraw' });
    this.#next();
  }

  #rejectAll(error: SendError): void {
    const all = [this.#sending, ...this.#queue.splice(0)];
    this.#sending = undefined;
    for (const waiting of all) {
      waiting?.reject(error);
    }
  }
}

function failed(reason: FailureReason): SendError {
  const [code, message, remedy] = failures[reason];
  return new SendError({ code, message, remedy });
}
