import { chooseDecode } from './decode-mode.ts';

describe('which decoding a room needs', () => {
  const auto = { mode: 'auto', keyframeIntervalMs: 2000 } as const;
  it.each([
    ['as set', { ...auto, mode: 'full', maxFps: 0.1 }, 'full'],
    ['as set', { ...auto, mode: 'keyframes', maxFps: 10 }, 'keyframes'],
    ['a keyframe at least as often as a picture is wanted', { ...auto, maxFps: 0.5 }, 'keyframes'],
    ['keyframes come too seldom', { ...auto, maxFps: 1 }, 'full'],
    ['not measured yet, slow', { mode: 'auto', maxFps: 0.5, keyframeIntervalMs: undefined }, 'keyframes'],
    ['not measured yet, quick', { mode: 'auto', maxFps: 1, keyframeIntervalMs: undefined }, 'full'],
    ['so sparse that blindness would be noticed late', { ...auto, maxFps: 0.05, keyframeIntervalMs: 12_000 }, 'full'],
  ] as const)('%s', (_, question, expected) => {
    expect(chooseDecode(question)).toBe(expected);
  });

  it.each([
    ['not measured, in full decode already', undefined, 'full', 'full'],
    ['keyframes that cannot be decoded alone', Number.POSITIVE_INFINITY, 'full', 'full'],
    ['keyframes that cannot be decoded alone', Number.POSITIVE_INFINITY, undefined, 'full'],
  ] as const)('a slow room with %s stays in full decode', (_, keyframeIntervalMs, current, expected) => {
    expect(chooseDecode({ mode: 'auto', maxFps: 0.1, keyframeIntervalMs, current })).toBe(expected);
  });

  it('does not go to and fro when a measured interval jitters round the limit', () => {
    const question = { mode: 'auto', maxFps: 0.5, keyframeIntervalMs: 2200 } as const;
    expect(chooseDecode({ ...question, current: 'keyframes' })).toBe('keyframes');
    expect(chooseDecode({ ...question, current: 'full' })).toBe('full');
  });
});
