import { createServer, type Server, type Socket } from 'node:net';
import { isAlive, systemClock } from '@vigilia/service';
import { eventually, requires, silentLogger } from '@vigilia/testing';
import { rtspReaders } from '../packets/choose-path.ts';
import { openCamera } from '../test-support/open-camera.ts';
import { usualSpec } from '../test-support/usual-spec.ts';
import type { Frame } from './frame.ts';
import { FfmpegRoomStream } from './room-stream.ts';

requires('ffmpeg').each(rtspReaders)('a camera that does not give what %s asks for', (rtspReader) => {
  let server: Server;
  const sockets = new Set<Socket>();
  const streams: FfmpegRoomStream[] = [];
  let answer: (request: string) => string | undefined = () => undefined;
  let url: string;
  beforeAll(async () => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => sockets.delete(socket))
        .on('data', (data) => {
          const reply = answer(data.toString());
          if (reply !== undefined) {
            socket.write(reply);
          }
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `rtsp://nurse:s3cret@127.0.0.1:${typeof address === 'object' ? address?.port : 0}/2`;
  });
  afterEach(async () => {
    await Promise.all(streams.splice(0).map((stream) => stream.stop()));
  });
  afterAll(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    server.close();
  });

  function open(address: string): FfmpegRoomStream {
    const stream = new FfmpegRoomStream({
      clock: systemClock,
      logger: silentLogger(),
      open: openCamera({ rtspReader }),
      spec: usualSpec(address),
    });
    streams.push(stream);
    stream.start();
    return stream;
  }
  const first = (stream: FfmpegRoomStream): Promise<Frame> => stream.firstFrame(AbortSignal.timeout(60_000));
  const reply = (status: string) => (request: string) =>
    `RTSP/1.0 ${request.startsWith('OPTIONS') ? '200 OK' : status}\r\nCSeq: ${/CSeq: (\d+)/.exec(request)?.[1] ?? 1}\r\n\r\n`;

  test.each([
    ['401 Unauthorized', /user name or password/],
    ['404 Not Found', /no such stream \(404\)/],
  ])('%s is reported as such, at once and without the password', async (status, message) => {
    answer = reply(status);
    const failure: Error = await first(open(url)).then(
      () => new Error('a picture'),
      (error: Error) => error,
    );
    expect(failure).toMatchObject({ code: 'stream_unreachable', message: expect.stringMatching(message) });
    expect(failure.message).not.toContain('s3cret');
  });

  test('silence after the connection is blindness, and the connection ends', async () => {
    answer = () => undefined;
    const stream = open(url);
    const [socket] = await eventually(() => {
      expect(sockets.size).toBe(1);
      return [...sockets];
    });
    const { pid } = stream;
    expect(pid === undefined).toBe(rtspReader === 'own');
    await eventually(() => expect(stream.blind()).toMatchObject({ cause: 'unreachable' }));
    await eventually(() => expect(socket?.destroyed).toBe(true));
    await eventually(() => expect(pid !== undefined && isAlive(pid)).toBe(false));
  });

  test('no camera at the address: reported, and tried again', async () => {
    const stream = open('rtsp://127.0.0.1:9/2');
    await eventually(() =>
      expect(stream.blind()).toMatchObject({ cause: 'unreachable', detail: expect.stringContaining('refused') }),
    );
  });
});
