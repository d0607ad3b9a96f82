import { RtspError } from './rtsp-error.ts';

export interface RtspCredentials {
  readonly username: string;
  readonly password: string;
}

/** The parts of an RTSP address. */
export interface RtspAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** For requests: without credentials. */
  readonly url: string;
  readonly credentials: RtspCredentials | undefined;
}

/** RFC 2326, 3.2; RFC 7826, 4.2 for TLS. */
const defaultPorts = { rtsp: 554, rtsps: 322 } as const;

/** Reads `rtsp://user:password@host:port/path`. @throws RtspError `unsupported` for anything else */
export function parseRtspAddress(address: string): RtspAddress {
  const [, scheme, rest = ''] = /^(rtsps?):\/\/(.*)$/i.exec(address) ?? [];
  if (scheme === undefined || !URL.canParse(address)) throw new RtspError('unsupported', 'the address is not RTSP');
  const kind = scheme.toLowerCase() === 'rtsps' ? 'rtsps' : 'rtsp';
  const { hostname, port, username, password } = new URL(address);
  // the text itself, not what a parser would write: some cameras compare it
  const path = rest.slice(rest.search(/[/?]|$/));
  const isSecret = username !== '' || password !== '';
  const withoutCredentials = isSecret
    ? rest.slice(rest.slice(0, rest.length - path.length).lastIndexOf('@') + 1)
    : rest;
  return {
    // a name in brackets is an IPv6 address
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? defaultPorts[kind] : Number(port),
    tls: kind === 'rtsps',
    url: `${kind}://${withoutCredentials.replace(/#.*$/, '')}`,
    credentials: isSecret ? { username: decoded(username), password: decoded(password) } : undefined,
  };
}

/**
 * Returns where a camera redirects to. Credentials go along to the same host only, and never from TLS to a plain connection.
 * @throws RtspError `unsupported`
 */
export function redirectedAddress(from: RtspAddress, location: string): RtspAddress {
  const to = parseRtspAddress(location);
  if (from.tls && !to.tls) throw new RtspError('unsupported', 'the camera redirects from TLS to a plain connection');
  const credentials = to.credentials ?? (to.host === from.host ? from.credentials : undefined);
  return { host: to.host, port: to.port, tls: to.tls, url: to.url, credentials };
}

/** A raw % that begins no escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
