import { createHash, randomBytes } from 'node:crypto';
import type { RtspCredentials } from './rtsp-address.ts';

const hashes = { MD5: 'md5', 'SHA-256': 'sha256' } as const;
type Algorithm = keyof typeof hashes;

/** What a camera asks for: Basic (RFC 7617) or Digest (RFC 7616, and RFC 2069 where it names no `qop`). */
export type Challenge =
  | { readonly scheme: 'basic' }
  | {
      readonly scheme: 'digest';
      readonly realm: string;
      readonly nonce: string;
      readonly opaque: string | undefined;
      readonly algorithm: Algorithm;
      readonly qop: boolean;
      /** The nonce has expired; user name and password were right. */
      readonly stale: boolean;
    };

/** Returns the best challenge among the values of `WWW-Authenticate`: SHA-256, MD5, Basic; undefined: none is known. */
export function chooseChallenge(headers: readonly string[]): Challenge | undefined {
  const challenges = headers.flatMap((header) => parseChallenge(header) ?? []);
  const digests = challenges.flatMap((one) => (one.scheme === 'digest' ? [one] : []));
  return digests.find(({ algorithm }) => algorithm === 'SHA-256') ?? digests[0] ?? challenges[0];
}

function parseChallenge(header: string): Challenge | undefined {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/s.exec(header) ?? [];
  if (scheme.toLowerCase() === 'basic') return { scheme: 'basic' };
  if (scheme.toLowerCase() !== 'digest') return undefined;
  const fields = parameters(rest);
  const algorithm = (fields.get('algorithm') ?? 'MD5').toUpperCase();
  const [realm, nonce] = [fields.get('realm'), fields.get('nonce')];
  if (!isAlgorithm(algorithm) || realm === undefined || nonce === undefined) return undefined;
  const qops = fields
    .get('qop')
    ?.split(',')
    .map((qop) => qop.trim().toLowerCase());
  // `auth-int` alone would sign bodies
  if (qops !== undefined && !qops.includes('auth')) return undefined;
  const stale = fields.get('stale')?.toLowerCase() === 'true';
  return { scheme: 'digest', realm, nonce, opaque: fields.get('opaque'), algorithm, qop: qops !== undefined, stale };
}

function isAlgorithm(name: string): name is Algorithm {
  return name in hashes;
}

/** `realm="a \"b\"", nonce=c` → realm, nonce. */
function parameters(text: string): Map<string, string> {
  const pairs = text.matchAll(/([\w-]{1,40})\s*=\s*(?:"((?:[^"\\]|\\.){0,1000})"|([^\s,"]{1,1000}))/gs);
  return new Map([...pairs].map(([, name = '', quoted, bare = '']) => [name.toLowerCase(), quoted ?? bare]));
}

/** Answers a challenge with the header `Authorization` of each request. */
export class Authorization {
  readonly #credentials: RtspCredentials;
  readonly #challenge: Challenge;
  readonly #clientNonce: string;
  #count = 0;

  constructor(options: {
    readonly credentials: RtspCredentials;
    readonly challenge: Challenge;
    /** For tests; default 16 random bytes. */
    readonly clientNonce?: string;
  }) {
    this.#credentials = options.credentials;
    this.#challenge = options.challenge;
    this.#clientNonce = options.clientNonce ?? randomBytes(16).toString('hex');
  }

  /** The value of the header for one request. */
  header(method: string, uri: string): string {
    const { username, password } = this.#credentials;
    const challenge = this.#challenge;
    if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const { realm, nonce, opaque, algorithm, qop } = challenge;
    const hash = (...parts: readonly string[]): string =>
      createHash(hashes[algorithm]).update(parts.join(':')).digest('hex');
    this.#count++;
    const count = this.#count.toString(16).padStart(8, '0');
    const [identity, request] = [hash(username, realm, password), hash(method, uri)];
    const signed = qop ? [nonce, count, this.#clientNonce, 'auth'] : [nonce];
    const fields = [
      `username="${quotable(username)}"`,
      `realm="${realm}"`,
      `nonce="${nonce}"`,
      `uri="${uri}"`,
      `response="${hash(identity, ...signed, request)}"`,
      ...(algorithm === 'MD5' ? [] : [`algorithm=${algorithm}`]),
      ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
      ...(qop ? [`qop=auth, nc=${count}, cnonce="${this.#clientNonce}"`] : []),
    ];
    return `Digest ${fields.join(', ')}`;
  }
}

const quotable = (text: string): string => text.replaceAll(/["\\]/g, '\\$&').replaceAll(/[\r\n]/g, '');
