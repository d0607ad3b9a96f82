import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@vigilia/service';
import { eventually, ffmpegPath, requires, silentLogger, type TempFolder, tempFolder } from '@vigilia/testing';
import { openCamera } from '../test-support/open-camera.ts';
import { usualSpec } from '../test-support/usual-spec.ts';
import { CameraMemory } from './camera-memory.ts';
import type { Frame } from './frame.ts';
import { FfmpegRoomStream } from './room-stream.ts';

requires('ffmpeg')('a camera over HTTP', () => {
  let folder: TempFolder;
  let server: Server;
  let url: string;
  let jpeg: Buffer;
  const asked: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const streams: FfmpegRoomStream[] = [];

  beforeAll(async () => {
    folder = await tempFolder('http-cameras');
    const file = folder.file('picture.jpg');
    execFileSync(ffmpegPath() ?? '', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc2=size=320x180',
      '-frames:v',
      '1',
      file,
    ]);
    jpeg = readFileSync(file);
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      if (request.url?.startsWith('/multipart') === true) {
        sendParts(response, request.url === '/multipart/no-first');
      } else {
        response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': jpeg.length }).end(jpeg);
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await Promise.all(streams.splice(0).map((stream) => stream.stop()));
    for (const timer of timers) {
      clearInterval(timer);
    }
    asked.length = 0;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await folder.remove();
  });

  /** Ten pictures per second between boundaries, as cameras send "MJPEG". */
  function sendParts(response: ServerResponse, withoutFirst: boolean): void {
    response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
    let boundary = withoutFirst ? '' : '--frame\r\n';
    const send = (): void => {
      response.write(`${boundary}Content-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`);
      response.write(jpeg);
      response.write('\r\n');
      boundary = '--frame\r\n';
    };
    send();
    const timer = setInterval(send, 100);
    timers.add(timer);
    response.on('close', () => clearInterval(timer));
  }

  function monitor(address: string): FfmpegRoomStream {
    const cameras = new CameraMemory();
    const stream = new FfmpegRoomStream({
      clock: systemClock,
      logger: silentLogger(),
      open: openCamera({ cameras }),
      camera: cameras.of(address),
      spec: usualSpec(address),
    });
    streams.push(stream);
    stream.start();
    return stream;
  }

  test.each(['multipart', 'multipart/no-first'])('that sends JPEG pictures in a row (%s) is seen', async (path) => {
    const stream = monitor(`${url}/${path}`);
    const frame = await stream.firstFrame(AbortSignal.timeout(20_000));
    expect(frame.displayed).toEqual({ width: 320, height: 180 });
    const { sequence } = frame;
    await eventually(() => expect(stream.newest()?.sequence).toBeGreaterThan(sequence + 10));
    expect(stream.blind()).toBeUndefined();
  });

  test.each(['snapshot.jpg', 'cgi-bin/snapshot?channel=1'])(
    'that gives a single JPEG picture (%s) is asked for it again and again: frames at most 3 s apart, and never blind',
    async (path) => {
      const stream = monitor(`${url}/${path}`);
      // the first attempt ends with its only picture; what asks again and again is one process
      await eventually(() => expect(stream.newest()?.sequence).toBeGreaterThan(2), { timeoutMs: 20_000 });
      const { pid } = stream;
      const frames: number[] = [];
      const blindness: unknown[] = [];
      stream.listen({
        frame: (frame: Frame) => frames.push(frame.monotonicMs),
        blindness: () => blindness.push(stream.blind()),
      });
      await eventually(() => expect(frames.length).toBeGreaterThan(8), { timeoutMs: 30_000 });
      const gaps = frames.slice(1).map((at, index) => at - (frames[index] ?? at));
      expect(Math.max(...gaps)).toBeLessThan(3000);
      expect(blindness).toEqual([]);
      expect(stream.pid).toBe(pid);
      // one picture per second, not a flood of requests
      expect(asked.length).toBeLessThan(frames.length + 8);
    },
  );
});
