import { type Clock, type Timer, untilAborted, within } from '@vigilia/service';
import { KeptLine } from '../espa/kept-line.ts';
import type { Line } from '../espa/line.ts';
import { networkError, SendError } from '../target.ts';
import { type EspaXPacket, encodePacket, readPackets } from './packet.ts';

export interface EspaXSessionOptions {
  readonly line: Line;
  readonly user: string;
  readonly password: string;
  readonly heartbeatMs: number;
  /** The link counts as lost when nothing was heard for this long, ms. */
  readonly linkTimeoutMs: number;
  readonly clock: Clock;
  /** What the server reports by itself: `IND.…`, `CMD.…`. */
  readonly onIndication: (packet: EspaXPacket) => void;
}

interface Waiting {
  readonly resolve: (packet: EspaXPacket) => void;
  readonly reject: (error: unknown) => void;
}

/** Answers come at once; a server that takes longer does not work. */
const answerWithinMs = 10_000;

/** Keeps a session with an alarm server: signs in, sends heartbeats, and matches answers with requests. */
export class EspaXSession {
  readonly #options: EspaXSessionOptions;
  readonly #requests = new Map<number, Waiting>();
  readonly #line: KeptLine;
  #rest: Uint8Array = new Uint8Array();
  #sessionId: string | undefined;
  #lastInvokeId = 0;
  #ready = deferred();
  #heartbeatTimer: Timer | undefined;

  constructor(options: EspaXSessionOptions) {
    this.#options = options;
    const { line, clock, linkTimeoutMs } = options;
    this.#line = new KeptLine({
      line,
      clock,
      linkTimeoutMs,
      onOpen: () => void this.#signIn(),
      onData: (bytes) => this.#read(bytes),
      onLost: (failure) => this.#lost(failure),
    });
  }

  /** Connects and stays connected; does nothing when it was called before. */
  start(): void {
    this.#line.start();
  }

  stop(): void {
    if (this.#sessionId !== undefined) {
      this.#write({ name: 'REQ.LOGOUT', fields: { 'LO-REASON': 'Normal' } });
    }
    this.#line.stop();
    this.#lost(networkError(undefined));
  }

  /** For how long the server has not been heard, ms; undefined while the session works. */
  get lostForMs(): number | undefined {
    return this.#line.lostForMs;
  }

  /**
   * Sends a request once signed in, and resolves with its answer.
   *
   * @throws SendError `unreachable`, `unauthorized`; the signal's reason
   */
  async request(name: string, fields: Readonly<Record<string, string>>, signal: AbortSignal): Promise<EspaXPacket> {
    this.start();
    if (this.#line.failure !== undefined) throw this.#line.failure;
    await untilAborted(this.#ready.promise, signal);
    return this.#ask(name, fields, signal);
  }

  async #signIn(): Promise<void> {
    const { user, password } = this.#options;
    const fields = { 'LI-CLIENT': 'Vigilia', 'LI-CLIENTSW': '1', 'LI-USER': user, 'LI-PASSWORD': password };
    try {
      const answer = await this.#askInTime('REQ.LOGIN', fields);
      if (answer.fields['RSP-CODE'] !== '200') throw signInRefused(answer.fields['RSP-CODE']);
      this.#sessionId = answer.sessionId;
      this.#line.works();
      this.#ready.resolve();
      this.#scheduleHeartbeat();
    } catch (error) {
      this.#line.drop(error instanceof SendError ? error : silent());
    }
  }

  #scheduleHeartbeat(): void {
    const { clock, heartbeatMs } = this.#options;
    this.#heartbeatTimer = clock.setTimeout(() => {
      this.#askInTime('REQ.HEARTBEAT', {}).then(
        () => this.#scheduleHeartbeat(),
        () => this.#line.drop(silent()),
      );
    }, heartbeatMs);
  }

  /** @throws SendError `unreachable` when the answer does not come in time */
  async #askInTime(name: string, fields: Readonly<Record<string, string>>): Promise<EspaXPacket> {
    using limit = within(answerWithinMs, undefined, { clock: this.#options.clock, error: silent });
    return await this.#ask(name, fields, limit.signal);
  }

  #ask(name: string, fields: Readonly<Record<string, string>>, signal: AbortSignal): Promise<EspaXPacket> {
    return new Promise((resolve, reject) => {
      const invokeId = this.#write({ name, fields });
      const stop = (): void => {
        this.#requests.delete(invokeId);
        reject(signal.reason);
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#requests.set(invokeId, {
        resolve: (packet) => {
          signal.removeEventListener('abort', stop);
          resolve(packet);
        },
        reject,
      });
    });
  }

  /** Returns the number of the request. */
  #write({ name, fields }: Pick<EspaXPacket, 'name' | 'fields'>): number {
    this.#lastInvokeId = (this.#lastInvokeId % 0x7fff_ffff) + 1;
    const packet = { name, fields, invokeId: this.#lastInvokeId, sessionId: this.#sessionId };
    const timestamp = new Date(this.#options.clock.now()).toISOString().slice(0, 19);
    this.#line.write(encodePacket(packet, timestamp));
    return this.#lastInvokeId;
  }

  #read(bytes: Uint8Array): void {
    let read: ReturnType<typeof readPackets>;
    try {
      read = readPackets(Buffer.concat([this.#rest, bytes]));
    } catch {
      this.#line.drop(notEspaX());
      return;
    }
    this.#rest = read.rest;
    for (const packet of read.packets) {
      this.#line.heard();
      const waiting = packet.invokeId === undefined ? undefined : this.#requests.get(packet.invokeId);
      if (!packet.name.startsWith('RSP.')) {
        this.#options.onIndication(packet);
      } else if (waiting !== undefined && packet.invokeId !== undefined) {
        this.#requests.delete(packet.invokeId);
        waiting.resolve(packet);
      }
    }
  }

  /** Everything of this connection is over. */
  #lost(failure: SendError): void {
    this.#heartbeatTimer?.cancel();
    this.#rest = new Uint8Array();
    this.#sessionId = undefined;
    this.#ready.reject(failure);
    this.#ready = deferred();
    const waiting = [...this.#requests.values()];
    this.#requests.clear();
    for (const one of waiting) {
      one.reject(failure);
    }
  }
}

function signInRefused(code: string | undefined): SendError {
  return new SendError({
    code: 'unauthorized',
    message: `The alarm server refused the sign-in (${code ?? 'no code'}).`,
    remedy: 'Check user and password, and whether the server has a licence for another ESPA-X client (402).',
  });
}

function silent(): SendError {
  const remedy = 'Check whether the alarm server runs and its ESPA-X interface is enabled.';
  return new SendError({ code: 'unreachable', message: 'The alarm server does not answer.', remedy });
}

function notEspaX(): SendError {
  const remedy = 'Check host, port and tls.';
  return new SendError({ code: 'unreachable', message: 'The server does not speak ESPA-X.', remedy });
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function deferred(): Deferred {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  // Not every connection has a request that waits for it.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
