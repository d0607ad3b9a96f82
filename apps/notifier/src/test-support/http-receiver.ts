import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came: what was signed. */
  readonly text: string;
  /** Empty where the body is not JSON. */
  readonly body: Record<string, unknown>;
  readonly bytes: Buffer;
}

/** A real HTTP server that keeps what it is sent. */
export interface HttpReceiver {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly ReceivedRequest[];
  /** The status of the answers from now on; `hold` does not answer. */
  answer: number | 'hold';
  /** The status of the answers to bodies that are not JSON, where it differs. */
  filesAnswer: number | undefined;
  stop(): Promise<void>;
}

export async function startHttpReceiver({ port = 0 }: { port?: number } = {}): Promise<HttpReceiver> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const bytes = Buffer.concat(chunks);
    const text = bytes.toString('utf8');
    const isJson = request.headers['content-type']?.startsWith('application/json') === true;
    const body = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
    requests.push({ path: request.url ?? '', headers: request.headers, text, body, bytes });
    reply(response, isJson ? receiver.answer : (receiver.filesAnswer ?? receiver.answer));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const listening = (server.address() as AddressInfo).port;
  const receiver: HttpReceiver = {
    url: `http://127.0.0.1:${listening}/`,
    port: listening,
    requests,
    answer: 200,
    filesAnswer: undefined,
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
