import { createHash } from 'node:crypto';
import { eventually, FakeClock } from '@vigilia/testing';
import { newCameraTraits } from '../stream/camera-memory.ts';
import type { Trouble } from '../stream/ffmpeg-messages.ts';
import {
  keyframePackets,
  type Script,
  type ScriptedCamera,
  startScriptedCamera,
  usualAnswer,
} from '../test-support/scripted-camera.ts';
import { RtspReceiver } from './rtsp-receiver.ts';

const cameras: ScriptedCamera[] = [];
const receivers: RtspReceiver[] = [];
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
  await Promise.all(cameras.splice(0).map((camera) => camera.stop()));
});

async function camera(script: Script): Promise<ScriptedCamera> {
  const started = await startScriptedCamera(script);
  cameras.push(started);
  return started;
}

async function receive({ port }: ScriptedCamera, { credentials = '', traits = newCameraTraits() } = {}) {
  const clock = new FakeClock();
  const seen = { packets: 0, useless: 0, troubles: [] as Trouble[], givenUp: [] as string[] };
  const receiver = new RtspReceiver({
    address: `rtsp://${credentials}127.0.0.1:${port}/live`,
    camera: traits,
    clock,
    onGivenUp: (reason) => seen.givenUp.push(reason),
    events: {
      onPacket: () => seen.packets++,
      onUseless: () => seen.useless++,
      onEnd: (trouble) => seen.troubles.push(trouble),
    },
  });
  receivers.push(receiver);
  await receiver.start();
  return { receiver, clock, traits, seen };
}

const playing: Script = (request, socket) => {
  if (request.startsWith('PLAY')) {
    setImmediate(() => socket.write(keyframePackets()));
  }
  return usualAnswer(request);
};

test('a camera is opened, its size known with the first packet, and the session closed in order', async () => {
  const cam = await camera(playing);
  const { receiver, seen } = await receive(cam);
  await eventually(() => expect(seen.packets).toBe(1));
  expect(receiver.track).toEqual({ codec: 'h264', width: 640, height: 360, sar: '0/1' });
  await receiver.stop();
  await eventually(() => expect(cam.sockets.size).toBe(0));
  expect(cam.requests.map((request) => request.split(' ')[0])).toEqual([
    'OPTIONS',
    'DESCRIBE',
    'SETUP',
    'PLAY',
    'TEARDOWN',
  ]);
  expect(seen.troubles).toEqual([]);
});

const digest = (...parts: readonly string[]): string => createHash('md5').update(parts.join(':')).digest('hex');

test('a camera that asks for a digest, and later for one with another nonce, gets it; the password is never sent', async () => {
  let nonce = 'one';
  const cam = await camera((request, socket) => {
    const [, method = '', uri = ''] = /^(\w+) (\S+)/.exec(request) ?? [];
    const expected = digest(digest('nurse', 'cam', 's3cret'), nonce, digest(method, uri));
    if (!request.includes(`response="${expected}"`)) {
      return `RTSP/1.0 401 Unauthorized\nWWW-Authenticate: Digest realm="cam", nonce="${nonce}", stale=true`;
    }
    nonce = method === 'SETUP' ? 'two' : nonce;
    return playing(request, socket);
  });
  const { seen } = await receive(cam, { credentials: 'nurse:s3cret@' });
  await eventually(() => expect(seen.packets).toBe(1));
  expect(cam.requests.join()).not.toContain('s3cret');
  expect(cam.requests.filter((request) => request.startsWith('PLAY')).length).toBe(2);
});

test('a wrong password is asked for once, and is not in the report', async () => {
  const cam = await camera(() => 'RTSP/1.0 401 Unauthorized nurse:s3cret\nWWW-Authenticate: Basic realm="cam"');
  const { seen } = await receive(cam, { credentials: 'nurse:s3cret@' });
  await eventually(() => expect(seen.troubles).toHaveLength(1));
  expect(seen.troubles[0]).toMatchObject({ cause: 'unreachable', final: true });
  expect(seen.troubles[0]?.detail).toContain('user name or password');
  expect(JSON.stringify(seen)).not.toContain('s3cret');
  expect(cam.requests.filter((request) => request.startsWith('DESCRIBE'))).toHaveLength(1);
});

test('a redirection is followed, with credentials to the same host; one in a circle ends', async () => {
  const target = await camera(playing);
  const first = await camera((request) =>
    request.startsWith('DESCRIBE')
      ? `RTSP/1.0 302 Moved\nLocation: rtsp://127.0.0.1:${target.port}/live`
      : usualAnswer(request),
  );
  const { seen } = await receive(first);
  await eventually(() => expect(seen.packets).toBe(1));
  const circle = await camera((request) => {
    const { port } = circle;
    return request.startsWith('DESCRIBE')
      ? `RTSP/1.0 301 Moved\nLocation: rtsp://127.0.0.1:${port}/live`
      : usualAnswer(request);
  });
  const lost = await receive(circle);
  await eventually(() => expect(lost.seen.givenUp).toEqual(['the camera redirects again and again']));
});

test('the session is kept alive at half its time, while it lives', async () => {
  const cam = await camera((request, socket) =>
    request.startsWith('SETUP') ? usualAnswer(request, { session: '77;timeout=20' }) : playing(request, socket),
  );
  const { clock, seen } = await receive(cam);
  await eventually(() => expect(seen.packets).toBe(1));
  const kept = () => cam.requests.filter((request) => request.startsWith('GET_PARAMETER'));
  await clock.advance(9_900);
  expect(kept()).toHaveLength(0);
  await clock.advance(200);
  await eventually(() => expect(kept()).toHaveLength(1));
  await clock.advance(10_000);
  await eventually(() => expect(kept()).toHaveLength(2));
  expect(kept()[0]).toContain('Session: 77');
});

test('a camera that offers neither H.264 nor H.265, or answers with something else, is left to ffmpeg at once', async () => {
  for (const answer of ['RTSP/1.0 200 OK\n\nv=0', 'HTTP/1.1 400 Bad Request']) {
    const cam = await camera((request) => (request.startsWith('DESCRIBE') ? answer : usualAnswer(request)));
    const { seen, traits } = await receive(cam);
    await eventually(() => expect(seen.givenUp).toHaveLength(1));
    expect(seen.troubles).toMatchObject([{ retryAtOnce: true, final: false }]);
    expect(traits.ownReader.givenUp).toBe(true);
  }
});

test('a camera that closes the connection ends the session; nothing is left open', async () => {
  const cam = await camera((request, socket) => {
    if (request.startsWith('PLAY')) {
      setImmediate(() => socket.end(keyframePackets()));
    }
    return usualAnswer(request);
  });
  const { seen, traits } = await receive(cam);
  await eventually(() => expect(seen.troubles).toMatchObject([{ cause: 'ended', final: false }]));
  expect(seen.packets).toBe(1);
  expect(traits.ownReader).toEqual({ emptySessions: 0, givenUp: false });
  await eventually(() => expect(cam.sockets.size).toBe(0));
});

test('the second session that the camera agrees to and in which it sends nothing gives the reader up', async () => {
  const traits = newCameraTraits();
  for (const givenUp of [[], ['the camera sends no packets to it']]) {
    const cam = await camera((request) => usualAnswer(request));
    const { receiver, clock, seen } = await receive(cam, { traits });
    await eventually(() => expect(receiver.playing).toBe(true));
    await clock.advance(10_000);
    await receiver.stop();
    expect(seen.givenUp).toEqual(givenUp);
  }
});

test('a half-open connection ends when it is asked to, though the camera takes nothing', async () => {
  const cam = await camera((request, socket) => {
    if (request.startsWith('PLAY')) {
      socket.pause();
      return undefined;
    }
    return usualAnswer(request);
  });
  const { receiver } = await receive(cam);
  await eventually(() => expect(cam.requests.at(-1)).toMatch(/^PLAY/));
  await receiver.stop();
  await receiver.stop();
  expect(receiver.stopped).toBe(true);
});

test('a request of the camera is answered, and the session goes on', async () => {
  let asked = '';
  const cam = await camera((request, socket) => {
    asked += request;
    if (request.startsWith('PLAY')) {
      setImmediate(() => socket.write(`ANNOUNCE rtsp://x RTSP/1.0\r\nCSeq: 5\r\n\r\n${''}`));
      setImmediate(() => socket.write(keyframePackets()));
    }
    return request.startsWith('RTSP/1.0') ? undefined : usualAnswer(request);
  });
  const { seen } = await receive(cam);
  await eventually(() => expect(seen.packets).toBe(1));
  await eventually(() => expect(asked).toContain('RTSP/1.0 501'));
});
