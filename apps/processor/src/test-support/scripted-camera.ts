import { createServer, type Socket } from 'node:net';

/** An RTSP camera that answers each request as a test wants. */
export interface ScriptedCamera {
  readonly port: number;
  /** All requests, with their headers. */
  readonly requests: readonly string[];
  /** Connections that are open. */
  readonly sockets: ReadonlySet<Socket>;
  stop(): Promise<void>;
}

/** Returns status line and headers, and perhaps a body, without `CSeq`; undefined: no answer. */
export type Script = (request: string, socket: Socket) => string | undefined;

export async function startScriptedCamera(script: Script): Promise<ScriptedCamera> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let rest = '';
    socket
      .on('error', () => {})
      .on('close', () => sockets.delete(socket))
      .on('data', (data) => {
        const parts = (rest + data.toString('latin1')).split('\r\n\r\n');
        rest = parts.pop() ?? '';
        for (const request of parts) {
          requests.push(request);
          const answer = script(request, socket);
          if (answer !== undefined) {
            socket.write(withSequence(answer, request), 'latin1');
          }
        }
      });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    requests,
    sockets,
    stop: async () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function withSequence(answer: string, request: string): string {
  const [head = '', body = ''] = answer.split('\n\n');
  const sequence = /CSeq: *(\d+)/.exec(request)?.[1] ?? '0';
  const length = body === '' ? [] : [`Content-Length: ${body.length}`];
  return `${[...head.split('\n'), `CSeq: ${sequence}`, ...length].join('\r\n')}\r\n\r\n${body}`;
}

const description = 'v=0\nm=video 0 RTP/AVP 96\na=rtpmap:96 H264/90000\na=control:video';

/** What an ordinary camera answers. */
export function usualAnswer(request: string, options: { readonly session?: string } = {}): string {
  if (request.startsWith('DESCRIBE')) return `RTSP/1.0 200 OK\n\n${description}`;
  if (request.startsWith('SETUP')) {
    const { session = '77' } = options;
    return `RTSP/1.0 200 OK\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\nSession: ${session}`;
  }
  return 'RTSP/1.0 200 OK\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER';
}

/** An H.264 keyframe of 640 x 360 with its parameter sets, in packets that follow each other from `sequence` on. */
export function keyframePackets(sequence = 0): Buffer {
  const units = ['6742c01ed900a02ff97016e020202800001f480005dc0478b17240', '68ce3c80', '658801020304'];
  const packets = units.map((hex, index) => {
    const unit = Buffer.from(hex, 'hex');
    const header = Buffer.alloc(16);
    header.set([0x24, 0, 0, 12 + unit.length, 0x80, index === units.length - 1 ? 0xe0 : 0x60]);
    header.writeUInt16BE((sequence + index) & 0xffff, 6);
    return Buffer.concat([header, unit]);
  });
  return Buffer.concat(packets);
}
