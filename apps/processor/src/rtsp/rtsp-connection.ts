import { STATUS_CODES } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Authorization, chooseChallenge } from './authorization.ts';
import { InterleavedReader, type InterleavedReaderOptions } from './interleaved-reader.ts';
import { readMemory } from './read-memory.ts';
import type { RtspAddress } from './rtsp-address.ts';
import { RtspError, socketError } from './rtsp-error.ts';
import { formatRequest, headerOf, type RtspMessage } from './rtsp-message.ts';

export interface RtspConnectionOptions {
  readonly address: RtspAddress;
  readonly onPacket: InterleavedReaderOptions['onPacket'];
  readonly onGarbage: InterleavedReaderOptions['onGarbage'];
  /** Returns, after so many bytes were read at once, whether reading continues; `resume` continues it otherwise. */
  readonly readsOn: (bytes: number) => boolean;
  /** Called once, when it broke or the camera closed it; not after `close`. */
  readonly onEnd: (error: RtspError) => void;
}

interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

interface Waiting {
  readonly sequence: number;
  resolve(answer: RtspMessage): void;
  reject(error: RtspError): void;
}

const userAgent = 'Vigilia';
const unauthorized = 401;
const goodbyeMs = 1000;

/** A connection to a camera: requests one after the other, and the packets that come between the answers. */
export class RtspConnection {
  readonly #options: RtspConnectionOptions;
  readonly #socket: Socket;
  readonly #reader: InterleavedReader;
  readonly #closed: Promise<void>;
  #authorization: Authorization | undefined;
  #sequence = 0;
  #waiting: Waiting | undefined;
  #ended = false;

  constructor(options: RtspConnectionOptions) {
    this.#options = options;
    this.#reader = new InterleavedReader({
      onPacket: options.onPacket,
      onGarbage: options.onGarbage,
      onMessage: (message) => this.#onMessage(message),
    });
    this.#socket = this.#connect(options.address);
    this.#socket.setNoDelay(true);
    this.#socket.on('error', (error) => this.#fail(socketError(error)));
    this.#socket.on('end', () => this.#fail(new RtspError('closed', 'the camera closed the connection')));
    this.#closed = new Promise((resolve) => {
      this.#socket.once('close', () => {
        this.#fail(new RtspError('closed', 'the camera closed the connection'));
        resolve();
      });
    });
  }

  /** Continues to read. */
  resume(): void {
    this.#socket.resume();
  }

  /**
   * Sends a request and resolves with its answer, whatever the status; where the camera asks for a password it is sent again with it.
   * @throws RtspError when the connection ends
   */
  async request(request: Request): Promise<RtspMessage> {
    const answer = await this.#send(request);
    if (answer.status !== unauthorized || !this.#authorize(answer)) return answer;
    return this.#send(request);
  }

  /** Ends it, with a last request to which no answer is expected. Resolves when it is closed. */
  async close(last?: Request): Promise<void> {
    this.#ended = true;
    this.#reader.end();
    this.#waiting?.reject(new RtspError('closed', 'the connection was closed'));
    this.#waiting = undefined;
    if (last === undefined || this.#socket.connecting || this.#socket.destroyed) {
      this.#socket.destroy();
    } else {
      // a camera that takes nothing would keep it open
      const limit = setTimeout(() => this.#socket.destroy(), goodbyeMs);
      this.#socket.end(this.#format(last), () => this.#socket.destroy());
      void this.#closed.then(() => clearTimeout(limit));
    }
    await this.#closed;
  }

  #connect({ host, port, tls }: RtspAddress): Socket {
    if (tls) {
      // cameras have certificates of their own making; ffmpeg does not verify them either
      const socket = connectTls({ host, port, servername: isIP(host) === 0 ? host : '', rejectUnauthorized: false });
      return socket.on('data', (data: Buffer) => this.#take(data));
    }
    const callback = (bytes: number): boolean => {
      this.#take(readMemory.subarray(0, bytes));
      return this.#options.readsOn(bytes);
    };
    return connect({ host, port, onread: { buffer: readMemory, callback } });
  }

  #take(data: Buffer): void {
    if (this.#ended) return;
    try {
      this.#reader.take(data);
    } catch (error) {
      this.#fail(error instanceof RtspError ? error : new RtspError('unsupported', 'the packets cannot be read'));
    }
  }

  #onMessage(message: RtspMessage): void {
    if (message.status === undefined) {
      const sequence = message.sequence === undefined ? '' : `CSeq: ${message.sequence}\r\n`;
      this.#socket.write(`RTSP/1.0 501 Not Implemented\r\n${sequence}\r\n`);
      return;
    }
    const waiting = this.#waiting;
    // some cameras leave out the number; an answer to an earlier request is passed over
    if (waiting === undefined || (message.sequence ?? waiting.sequence) !== waiting.sequence) return;
    this.#waiting = undefined;
    waiting.resolve(message);
  }

  #send(request: Request): Promise<RtspMessage> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(new RtspError('closed', 'the connection is closed'));
        return;
      }
      this.#waiting?.reject(new RtspError('closed', 'another request followed'));
      const text = this.#format(request);
      this.#waiting = { sequence: this.#sequence, resolve, reject };
      this.#socket.write(text);
    });
  }

  #format({ method, url, headers }: Request): string {
    this.#sequence++;
    const authorization = this.#authorization?.header(method, url);
    const own = { CSeq: String(this.#sequence), 'User-Agent': userAgent, Authorization: authorization };
    return formatRequest({ method, url, headers: Object.assign(own, headers) });
  }

  /** Returns whether it is worth asking again. */
  #authorize(answer: RtspMessage): boolean {
    const { credentials } = this.#options.address;
    const challenge = chooseChallenge(answer.headers.get('www-authenticate') ?? []);
    if (credentials === undefined || challenge === undefined) return false;
    const isStale = challenge.scheme === 'digest' && challenge.stale;
    if (this.#authorization !== undefined && !isStale) return false;
    this.#authorization = new Authorization({ credentials, challenge });
    return true;
  }

  #fail(error: RtspError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reader.end();
    this.#socket.destroy();
    this.#waiting?.reject(error);
    this.#waiting = undefined;
    this.#options.onEnd(error);
  }
}

/** RFC 2326, 7.1.1, where it differs from HTTP. */
const statusWords: Readonly<Record<number, string>> = {
  451: 'Parameter Not Understood',
  453: 'Not Enough Bandwidth',
  454: 'Session Not Found',
  457: 'Invalid Range',
  459: 'Aggregate Operation Not Allowed',
  461: 'Unsupported Transport',
};

/** Returns a refusal as an error: `DESCRIBE: 404 Not Found`. The camera's own words may repeat what it was sent, so they are left out. */
export function refusal(method: string, { status = 0 }: RtspMessage): RtspError {
  return new RtspError('refused', `${method}: ${status} ${statusWords[status] ?? STATUS_CODES[status] ?? ''}`.trim());
}

/** The value of a header that an answer must have. @throws RtspError `unsupported` */
export function neededHeader(message: RtspMessage, name: string): string {
  const value = headerOf(message, name);
  if (value === undefined) throw new RtspError('unsupported', `the answer has no header ${name}`);
  return value;
}
