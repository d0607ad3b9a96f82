import { join } from 'node:path';
import { repoRoot, requires, testData } from '@vigilia/testing';
import { defaultFallPolicy } from '@vigilia/vision';
import { readClips } from './clip-list.ts';
import type { ClipRun } from './evaluate-clip.ts';
import { runClips } from './run-clips.ts';
import { summarise } from './summary.ts';

/** A few clips of the half that nothing was tuned on, one phase, four versions of each held frame: under a minute. */
async function evaluate(model: string, rates: readonly number[], names: readonly string[]): Promise<ClipRun[]> {
  const clips = readClips(testData('labels/clips.json'), testData()).filter(({ name }) =>
    names.some((one) => name.includes(one)),
  );
  expect(clips).toHaveLength(names.length);
  return runClips({
    clips,
    models: [model],
    modelFolders: [join(repoRoot, '.cache/vigilia/models'), testData('models')],
    rates,
    cacheFolder: join(repoRoot, '.cache/vigilia/falls'),
    policy: defaultFallPolicy,
    variants: 4,
    phases: [0.25],
    progress: () => undefined,
  });
}

const reasons = (runs: readonly ClipRun[]) =>
  runs.flatMap(({ clip, fps, reason }) => (reason ? [`${clip.name} at ${fps} fps: ${reason}`] : []));

requires('data', 'ffmpeg')('falls on real video', () => {
  test('pose model: all found in time at 1 and 0.2 frames a second, nobody in bed or on a chair alarms', async () => {
    const runs = await evaluate(
      'yolov8n-pose-640',
      [1, 0.2],
      ['urfd/fall-02', 'urfd/fall-08', 'Subject_1_Fall_14', 'Subject_1_ADL_16', 'Subject_2_ADL_23'],
    );
    expect(reasons(runs)).toEqual([]);
    expect(summarise(runs)).toMatchObject({ falls: 6, found: 6, falseAlarms: 0 });
    expect(summarise(runs.filter(({ fps }) => fps === 1)).medianDelaySeconds).toBeLessThanOrEqual(25);
    expect(summarise(runs.filter(({ fps }) => fps === 0.2)).medianDelaySeconds).toBeLessThanOrEqual(40);
  }, 240_000);
});

requires(
  'data',
  'ffmpeg',
  'model',
)('falls in the rendered rooms, embedded model', () => {
  test('the fall is found, the sleeper and the one who gets up again raise no alarm', async () => {
    const runs = await evaluate('centernet-512', [0.2], ['room-help', 'room-fall-recover', 'room-sleep']);
    expect(reasons(runs)).toEqual([]);
    expect(summarise(runs)).toMatchObject({ falls: 1, found: 1, falseAlarms: 0 });
  }, 240_000);
});
