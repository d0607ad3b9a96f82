import { Reception } from './reception.ts';

/** What a camera sends from 0 ms on at 10 packets a second. */
function sent(untilMs: number, more: { keysAt?: readonly number[]; framesAt?: readonly number[] } = {}): Reception {
  const reception = new Reception();
  for (let at = 0; at <= untilMs; at += 100) {
    reception.packet(more.keysAt?.includes(at) ?? false, at);
    if (more.framesAt?.includes(at)) {
      reception.frame(at);
    }
  }
  return reception;
}

test('a camera is receiving while packets come, and not any more three seconds after the last one', () => {
  expect(new Reception().receiving(0)).toBe(false);
  const reception = sent(1000);
  expect(reception.receiving(4000)).toBe(true);
  expect(reception.receiving(4001)).toBe(false);
});

test('time without a frame counts from the last frame, and only while the camera sends', () => {
  expect(sent(5000).barrenMs(5000)).toBe(5000);
  expect(sent(5000, { framesAt: [2000] }).barrenMs(5000)).toBe(3000);
  expect(sent(5000).barrenMs(9000)).toBe(0);
});

test.each([
  ['keyframes not awaited long enough yet', 6000, undefined, {}, undefined],
  ['no keyframe for longer than usual groups of pictures', 6500, undefined, {}, 'absent'],
  ['a keyframe that a decoder may hold back for others', 6500, undefined, { keysAt: [1000, 3000, 5000] }, 'absent'],
  ['the same with a known interval of 2 s: not long enough', 12_000, 2000, { keysAt: [1000, 3000, 5000] }, undefined],
  ['more keyframes than a decoder holds back', 12_500, 2000, { keysAt: [1000, 3000, 5000] }, 'undecodable'],
  ['a first frame, then none for a while', 8900, undefined, { framesAt: [1000] }, undefined],
  ['a first frame, then no keyframe', 9000, undefined, { framesAt: [1000] }, 'absent'],
  ['a first frame, then keyframes without any', 9000, undefined, { framesAt: [1000], keysAt: [3000] }, 'undecodable'],
  ['sparse keyframes that are as far apart as ever', 25_000, 10_000, { framesAt: [1000] }, undefined],
] as const)('keyframes alone: %s', (_, nowMs, intervalMs, more, expected) => {
  expect(sent(nowMs, more).keyframesFail(nowMs, intervalMs)).toBe(expected);
});

test('a camera that has gone silent is not one whose keyframes fail', () => {
  expect(sent(1000).keyframesFail(60_000, undefined)).toBeUndefined();
});

test('HEVC frames before the first keyframe are smears, but not for ever where no keyframe comes', () => {
  const frame = { codec: 'hevc', key: false };
  const joined = new Reception();
  expect(joined.smeared(frame, 0)).toBe(true);
  expect(joined.smeared({ ...frame, key: true }, 100)).toBe(false);
  expect(joined.smeared(frame, 200)).toBe(false);
  const refreshed = new Reception();
  expect(refreshed.smeared(frame, 0)).toBe(true);
  expect(refreshed.smeared(frame, 9900)).toBe(true);
  expect(refreshed.smeared(frame, 10_000)).toBe(false);
  expect(new Reception().smeared({ codec: 'h264', key: false }, 0)).toBe(false);
});
