import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy does with one request instead of passing it on. */
export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string;
      readonly headers?: Record<string, string>;
    }
  /** Passed on, but only the first half of the answer comes back. */
  | { readonly kind: 'half_answer' }
  /** Passed on, answered after the client has lost patience. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Passed on, and the connection is cut before any answer. */
  | { readonly kind: 'cut' };

export interface FaultProxy {
  readonly url: string;
  readonly port: number;
  /** Bodies of the `_bulk` requests, in order. */
  readonly bulks: { readonly atMs: number; readonly lines: number; readonly bytes: number }[];
  /** Asked for each `_bulk` request; `undefined` passes it on. */
  fault: (bulk: { readonly index: number; readonly body: string }) => Fault | undefined;
  /** The server behind it; may change. */
  target: string | undefined;
  stop(): Promise<void>;
}

/** A small HTTP proxy before Elasticsearch that makes the faults a real node will not make on demand. Without a target it refuses. */
export async function startFaultProxy(target: string | undefined): Promise<FaultProxy> {
  const server = createServer((incoming, response) => void handle(proxy, incoming, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${port}`,
    port,
    bulks: [],
    fault: () => undefined,
    target,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}

async function handle(proxy: FaultProxy, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readAll(incoming);
  let fault: Fault | undefined;
  if (incoming.url?.includes('_bulk') === true) {
    const text = body.toString('utf8');
    proxy.bulks.push({ atMs: performance.now(), lines: text.split('\n').length - 1, bytes: body.length });
    fault = proxy.fault({ index: proxy.bulks.length - 1, body: text });
  }
  if (fault?.kind === 'status') {
    const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch', ...fault.headers };
    response.writeHead(fault.status, headers).end(fault.body ?? '{"error":{"type":"made_by_the_test"}}');
    return;
  }
  await passOn(proxy, incoming, body, response, fault).catch(() => incoming.socket.destroy());
}

async function passOn(
  proxy: FaultProxy,
  incoming: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  fault: Fault | undefined,
): Promise<void> {
  if (proxy.target === undefined) throw new Error('no server behind the proxy');
  const { method = 'GET', headers, url = '/' } = incoming;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request(new URL(url, proxy.target), { method, headers }, resolve).once('error', reject).end(body);
  });
  const data = await readAll(answer);
  if (fault?.kind === 'cut') return void incoming.socket.destroy();
  if (fault?.kind === 'slow') {
    await new Promise((resolve) => setTimeout(resolve, fault.ms));
  }
  if (fault?.kind === 'half_answer') {
    response.writeHead(answer.statusCode ?? 500, { ...answer.headers, 'content-length': String(data.length) });
    response.write(data.subarray(0, Math.floor(data.length / 2)));
    setTimeout(() => incoming.socket.destroy(), 20);
    return;
  }
  const { 'transfer-encoding': _, ...kept } = answer.headers;
  response.writeHead(answer.statusCode ?? 500, { ...kept, 'content-length': String(data.length) }).end(data);
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
