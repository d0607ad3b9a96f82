import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { withoutUndefined } from '@vigilia/protocol';

const PORTS: Readonly<Record<string, number>> = { 'mqtt:': 1883, 'mqtts:': 8883 };

/** Where a broker is, from its address. */
export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Credentials inside the address. */
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** Parses `mqtt://[user:password@]host[:port]`, or `mqtts://…` for TLS. @throws TypeError when it is not a URL */
export function parseBrokerUrl(text: string): BrokerAddress {
  const url = new URL(text);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (PORTS[url.protocol] ?? 1883) : Number(url.port),
    tls: url.protocol === 'mqtts:',
    username: url.username === '' ? undefined : decode(url.username),
    password: url.password === '' ? undefined : decode(url.password),
  };
}

/**
 * Opens a TCP or TLS connection.
 *
 * @param onReady the line is there (after the TLS handshake)
 */
export function openSocket({ host, port, tls }: BrokerAddress, ca: Buffer | undefined, onReady: () => void): Socket {
  const socket = tls
    ? // a server name may not be an address; the certificate is compared with the host either way
      connectTls(withoutUndefined({ host, port, servername: isIP(host) === 0 ? host : undefined, ca }))
    : connectTcp({ host, port });
  socket.once(tls ? 'secureConnect' : 'connect', onReady);
  socket.setNoDelay(true);
  return socket;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
