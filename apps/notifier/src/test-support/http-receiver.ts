import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came: what was signed. */
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** A real HTTP server that keeps what it is sent. */
export interface HttpReceiver {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly ReceivedRequest[];
  /** The status of the answers from now on; `hold` does not answer. */
  answer: number | 'hold';
  stop(): Promise<void>;
}

export async function startHttpReceiver({ port = 0 }: { port?: number } = {}): Promise<HttpReceiver> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const text = Buffer.concat(chunks).toString('utf8');
    const body = JSON.parse(text) as Record<string, unknown>;
    requests.push({ path: request.url ?? '', headers: request.headers, text, body });
    reply(response, receiver.answer);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const listening = (server.address() as AddressInfo).port;
  const receiver: HttpReceiver = {
    url: `http://127.0.0.1:${listening}/`,
    port: listening,
    requests,
    answer: 200,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

function reply(response: ServerResponse, answer: number | 'hold'): void {
  if (answer !== 'hold') {
    response.writeHead(answer, { 'content-type': 'application/json' }).end('{}');
  }
}
