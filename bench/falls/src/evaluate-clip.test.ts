import { calibrationOf, defaultFallPolicy as policy } from '@vigilia/vision';
import type { ClipDetector } from './clip-detector.ts';
import type { Clip } from './clip-list.ts';
import { evaluateClip } from './evaluate-clip.ts';
import type { Disturbance } from './picture.ts';

const clip: Clip = { name: 'a.mp4', path: 'a.mp4', set: 's', half: 'quoted', kind: 'adl', zones: [] };

test('the first frame is held for 30 s before and the last for 120 s after, shaken; the clip itself is as it was filmed', async () => {
  const asked: { second: number; disturbance: Disturbance }[] = [];
  const detector: ClipDetector = {
    ...{ width: 640, height: 480, seconds: 10, inferences: 0 },
    calibration: calibrationOf({ modelId: 'm', own: undefined, hasJoints: false }).calibration,
    at: async (second, disturbance) => {
      asked.push({ second, disturbance });
      return [];
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  await evaluateClip(clip, detector, { modelId: 'm', fps: 1, phase: 0.5, policy, variants: 12 });
  expect([asked[0]?.second, asked.at(-1)?.second]).toEqual([-29.5, 129.5]);
  const variants = (from: number, to: number) =>
    asked.filter(({ second }) => second > from && second < to).map(({ disturbance }) => disturbance.variant);
  expect(new Set(variants(0, 10))).toEqual(new Set([0]));
  const held = [...variants(-30, 0), ...variants(10, 130)];
  expect(held).toHaveLength(150);
  expect([Math.min(...held), Math.max(...held), new Set(held).size]).toEqual([1, 12, 12]);
});
