import type { ClipDetector } from './clip-detector.ts';
import type { Clip } from './clip-list.ts';
import { evaluateClip } from './evaluate-clip.ts';
import { shippedDecision } from './fitted-decisions.ts';
import type { FrameNoise } from './frame-noise.ts';

const clip: Clip = { name: 'a.mp4', path: 'a.mp4', set: 's', kind: 'adl', zones: [] };

test('the first frame is held for 30 s before and the last for 120 s after, with noise; the clip itself stays as it was filmed', async () => {
  const asked: { second: number; noise: FrameNoise }[] = [];
  const detector: ClipDetector = {
    width: 640,
    height: 480,
    seconds: 10,
    inferences: 0,
    watch: () => ({
      async at({ second, noise }) {
        asked.push({ second, noise });
        return { detections: [], mirrored: false };
      },
    }),
    again: async () => ({ cached: [], fresh: [] }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  await evaluateClip(clip, detector, {
    modelId: 'm',
    fps: 1,
    phase: 0.5,
    decision: shippedDecision({ id: 'm', calibration: undefined }),
    variants: 12,
  });
  expect([asked[0]?.second, asked.at(-1)?.second]).toEqual([-29.5, 129.5]);
  const variants = (from: number, to: number) =>
    asked.filter(({ second }) => second > from && second < to).map(({ noise }) => noise.variant);
  expect(new Set(variants(0, 10))).toEqual(new Set([0]));
  const held = [...variants(-30, 0), ...variants(10, 130)];
  expect(held).toHaveLength(150);
  expect([Math.min(...held), Math.max(...held), new Set(held).size]).toEqual([1, 12, 12]);
});
