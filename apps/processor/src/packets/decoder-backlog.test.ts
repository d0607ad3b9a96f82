import { DecoderBacklog } from './decoder-backlog.ts';

interface Scene {
  /** Frames that the decoder makes per second at a time, s. */
  readonly speed: (second: number) => number;
  readonly keyframeSeconds?: number;
  readonly packetBytes?: number;
  /** Frames that the decoder holds back. */
  readonly heldBack?: number;
  readonly fps?: number;
  readonly seconds?: number;
  /** Seconds since the last keyframe, whose packets are given at once when it begins. */
  readonly since?: number;
}

interface Shown {
  readonly atMs: number;
  readonly delayMs: number;
}

/** A camera and a decoder that makes at most so many frames per second, in steps of one packet. */
function played(scene: Scene): { readonly shown: readonly Shown[]; readonly leftOut: number } {
  const { speed, keyframeSeconds = 2, packetBytes = 2500, heldBack = 0, fps = 25, seconds = 300, since = 0 } = scene;
  const backlog = new DecoderBacklog();
  const waiting: { readonly timestamp: number; readonly receivedMs: number }[] = [];
  const shown: Shown[] = [];
  let [timestamp, leftOut, may, wrongTimes] = [0, 0, 0, 0];
  for (let index = -since * fps; index < seconds * fps; index++) {
    const receivedMs = (index * 1000) / fps;
    const nowMs = Math.max(0, receivedMs);
    const begins = (index + since * fps) % (keyframeSeconds * fps) === 0;
    if (backlog.takes({ begins, backlogBytes: waiting.length * packetBytes, nowMs })) {
      timestamp++;
      backlog.given(timestamp, { receivedMs, givenMs: nowMs });
      waiting.push({ timestamp, receivedMs });
    } else {
      leftOut++;
    }
    if (index < 0) continue;
    may = Math.min(1, may) + speed(nowMs / 1000) / fps;
    for (; may >= 1 && waiting.length > heldBack; may--) {
      const next = waiting.shift();
      const decodedMs = next === undefined ? undefined : backlog.decoded(next.timestamp);
      shown.push({ atMs: nowMs, delayMs: nowMs - (decodedMs ?? 0) });
      wrongTimes += decodedMs === next?.receivedMs ? 0 : 1;
    }
  }
  expect(wrongTimes).toBe(0);
  return { shown, leftOut };
}

const worstDelay = (shown: readonly Shown[]): number => Math.max(...shown.map(({ delayMs }) => delayMs));

test.each<[string, Scene]>([
  ['half as fast as the camera, at 0.5 Mbit/s', { speed: () => 12 }],
  ['a little slower than the camera', { speed: () => 24 }],
  ['half as fast from the beginning, a second after a keyframe', { speed: () => 12, since: 1 }],
  ['half as fast, and the camera sends a keyframe every ten seconds', { speed: () => 12, keyframeSeconds: 10 }],
])('frames are never minutes old, though a decoder is %s', (_, scene) => {
  const { shown, leftOut } = played(scene);
  expect(leftOut).toBeGreaterThan(0);
  expect(worstDelay(shown)).toBeLessThan(12_000);
  expect(shown.at(-1)?.atMs).toBeGreaterThan(280_000);
});

test('after a machine was busy for a while, frames are as new as before', () => {
  const { shown } = played({ speed: (second) => (second > 20 && second < 60 ? 3 : 100) });
  expect(worstDelay(shown.filter(({ atMs }) => atMs > 70_000))).toBeLessThan(100);
});

test.each<[string, Partial<Scene>]>([
  ['holds back as many frames as H.264 allows, of a camera with one frame per second', { heldBack: 17, fps: 1 }],
  ['begins a minute after the last keyframe, and catches up', { since: 60, keyframeSeconds: 250 }],
  ['pauses for three seconds', { speed: (second) => (second > 20 && second < 23 ? 0 : 200) }],
])('no packet is left out for a decoder that %s', (_, scene) => {
  expect(played({ speed: () => 100, ...scene }).leftOut).toBe(0);
});

test('a decoder that has not taken megabytes is given no more until a keyframe comes', () => {
  const { shown, leftOut } = played({ speed: () => 12, packetBytes: 1_000_000 });
  expect(leftOut).toBeGreaterThan(0);
  expect(worstDelay(shown)).toBeLessThan(2000);
});

test('a camera that sends no keyframe is decoded all the same, from the packet on with which frames come', () => {
  const backlog = new DecoderBacklog();
  let taken = 0;
  for (let index = 1; index <= 1000; index++) {
    taken += backlog.takes({ begins: false, backlogBytes: 0, nowMs: index * 40 }) ? 1 : 0;
    backlog.given(index, { receivedMs: index * 40, givenMs: index * 40 });
  }
  expect([taken, backlog.began]).toEqual([1000, false]);
});
