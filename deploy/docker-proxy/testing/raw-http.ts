import { connect } from 'node:net';

/** A request as bytes: what a client that keeps no rules would send. */
export interface RawRequest {
  readonly method?: string;
  readonly target: string;
  /** Header lines as they stand; `Host` and `Connection: close` are added. */
  readonly headers?: readonly string[];
  readonly body?: string;
  /** Adds the body's length unless the headers have another one. Default true where there is a body. */
  readonly length?: boolean;
}

export function rawRequest(request: RawRequest): string {
  const { method = 'GET', target, headers = [], body, length = body !== undefined } = request;
  const lines = [`${method} ${target} HTTP/1.1`, 'Host: docker', 'Connection: close', ...headers];
  if (length) {
    lines.push(`Content-Length: ${Buffer.byteLength(body ?? '')}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`;
}

/**
 * Sends bytes and reads until the other side closes.
 * @returns the statuses of all answers in their order, and everything that came
 */
export function exchange(
  port: number,
  bytes: string,
  timeoutMs = 40_000,
): Promise<{ statuses: number[]; text: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ statuses: [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map((match) => Number(match[1])), text });
    };
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(bytes, 'utf8')));
    const timer = setTimeout(
      () => reject(new Error(`No end of the answer within ${timeoutMs} ms: ${text}`)),
      timeoutMs,
    );
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('close', done);
    socket.on('error', done);
  });
}
