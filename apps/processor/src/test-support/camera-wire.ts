import { connect, createServer, type Socket } from 'node:net';

/** The wire between a camera and its readers, in a test's hand: a TCP relay before a real RTSP server. */
export interface CameraWire {
  /** `rtsp://127.0.0.1:PORT`. */
  readonly url: string;
  /** Sessions that were refused because the camera had none left. */
  readonly refused: number;
  /** From now on nothing of the camera comes through. */
  hold(): void;
  /** What was held comes at once, everything else as it comes. */
  release(): void;
  stop(): Promise<void>;
}

/** The answer of a camera that has no session left (RFC 2326, 11.3.7). */
const refusal = 'RTSP/1.0 453 Not Enough Bandwidth\r\nCSeq: 1\r\n\r\n';

/** Relays to the RTSP server at `target`; a session more than `sessions` is refused. */
export async function startCameraWire(options: {
  readonly target: string;
  readonly sessions?: number;
}): Promise<CameraWire> {
  const { hostname, port } = new URL(options.target);
  const { sessions = Number.POSITIVE_INFINITY } = options;
  /** The camera's side of each session. */
  const open = new Set<Socket>();
  let [held, refused] = [false, 0];
  const server = createServer((reader) => {
    reader.on('error', () => {});
    if (open.size >= sessions) {
      refused++;
      reader.once('data', () => reader.end(refusal));
      return;
    }
    const camera = connect(Number(port), hostname).on('error', () => {});
    open.add(camera);
    camera.on('data', (chunk) => reader.write(chunk)).on('close', () => reader.destroy());
    reader
      .on('data', (chunk) => camera.write(chunk))
      .on('close', () => {
        camera.destroy();
        open.delete(camera);
      });
    if (held) {
      camera.pause();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `rtsp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    get refused() {
      return refused;
    },
    hold: () => {
      held = true;
      for (const camera of open) {
        camera.pause();
      }
    },
    release: () => {
      held = false;
      for (const camera of open) {
        camera.resume();
      }
    },
    stop: async () => {
      for (const camera of open) {
        camera.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
