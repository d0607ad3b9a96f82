/** An answer of the camera, or a request of it (then `status` is undefined). RFC 2326, 4 to 7. */
export interface RtspMessage {
  readonly status: number | undefined;
  readonly sequence: number | undefined;
  /** By lower-case name; a header may come several times. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

/** Reads the head of a message, without the empty line that ends it; undefined where it is not RTSP. */
export function parseHead(text: string): Omit<RtspMessage, 'body'> | undefined {
  const [first = '', ...lines] = text.split(/\r?\n/);
  const answer = /^RTSP\/\d\.\d +(\d{3})\b/.exec(first);
  if (answer === null && !/^[A-Z_]+ \S+ RTSP\/\d\.\d$/.test(first)) return undefined;
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name !== '') {
      headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
    }
  }
  const sequence = Number.parseInt(headers.get('cseq')?.[0] ?? '', 10);
  return {
    status: answer === null ? undefined : Number(answer[1]),
    sequence: Number.isNaN(sequence) ? undefined : sequence,
    headers,
  };
}

/** The first value of a header. */
export function headerOf(message: Pick<RtspMessage, 'headers'>, name: string): string | undefined {
  return message.headers.get(name)?.[0];
}

/** Length of the body that a head announces, bytes. */
export function bodyLength(head: Pick<RtspMessage, 'headers'>): number {
  const length = Number(headerOf(head, 'content-length') ?? 0);
  return Number.isSafeInteger(length) && length > 0 ? length : 0;
}

/** Writes a request; header values cannot break out of their line. */
export function formatRequest(request: {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
}): string {
  const lines = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value.replaceAll(/[\r\n]/g, '')}\r\n`],
  );
  return `${request.method} ${request.url.replaceAll(/\s/g, '%20')} RTSP/1.0\r\n${lines.join('')}\r\n`;
}

/** `Session: 1234;timeout=60` (RFC 2326, 12.37): without a time it is 60 s. */
export function parseSession(header: string): { readonly id: string; readonly timeoutSeconds: number } {
  const [id = '', ...rest] = header.split(';').map((part) => part.trim());
  const seconds = Number(/^timeout *= *(\d+)/i.exec(rest.find((part) => /^timeout/i.test(part)) ?? '')?.[1] ?? 60);
  return { id, timeoutSeconds: Math.min(Math.max(seconds, 2), 3600) };
}

/** Channel of RTP packets in a `Transport` header (RFC 2326, 12.39); undefined: they do not come through the connection. */
export function interleavedChannel(header: string): number | undefined {
  const channel = /interleaved *= *(\d{1,3})/i.exec(header)?.[1];
  return channel === undefined ? undefined : Number(channel);
}
