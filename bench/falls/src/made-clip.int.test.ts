import { statSync } from 'node:fs';
import { makeClip, requires, tempFolder } from '@vigilia/testing';
import type { Clip } from './clip-list.ts';
import { disturbances } from './disturbances.ts';
import { probeClip } from './ffmpeg.ts';
import { disturbClip } from './made-clip.ts';

const named = (id: string) => disturbances.find((one) => one.id === id) as (typeof disturbances)[number];

async function filmed(kind: Clip['kind']) {
  const folder = await tempFolder();
  const path = await makeClip({ file: folder.file('a.mp4'), size: '320x240', fps: 10, seconds: 4 });
  const clip: Clip = {
    name: 'set/a.mp4',
    path,
    set: 's',
    kind,
    fall_start_s: 2,
    zones: [{ kind: 'bed', points: [[0.2, 0.2]] }],
  };
  const marks = { 'set/a.mp4': { hips: { upright: 0.5, lying: 0.75 } } };
  return { folder, clip, options: { cacheFolder: folder.file('cache'), marks } };
}

requires('ffmpeg')('clips under disturbance', () => {
  test('a disturbed clip lasts as long as the original, has its zones moved along, and is made only once', async () => {
    const { folder, clip, options } = await filmed('fall');
    await using _ = folder;
    const made = await disturbClip(clip, named('mirrored'), options);
    expect(made?.zones).toEqual([{ kind: 'bed', points: [[0.8, 0.2]] }]);
    expect(made?.kind).toBe('fall');
    const { seconds } = await probeClip(made?.path ?? '');
    expect(seconds).toBeCloseTo(4, 1);
    const madeAt = statSync(made?.path ?? '').mtimeMs;
    const again = await disturbClip(clip, named('mirrored'), options);
    expect(statSync(again?.path ?? '').mtimeMs).toBe(madeAt);
  });

  test('the picture ends at the marked hips of the person on the floor', async () => {
    const { folder, clip, options } = await filmed('fall');
    await using _ = folder;
    const made = await disturbClip(clip, named('cut-at-hips'), options);
    expect(await probeClip(made?.path ?? '')).toMatchObject({ width: 320, height: 180 });
  });

  test('of a fall that the cut hides only the time before it is judged, as a quiet clip', async () => {
    const { folder, clip, options } = await filmed('fall');
    await using _ = folder;
    const made = await disturbClip(clip, named('cut-at-hips-upright'), options);
    expect(made?.kind).toBe('adl');
    const { seconds, height } = await probeClip(made?.path ?? '');
    expect(seconds).toBeCloseTo(1.8, 1);
    expect(height).toBe(120);
  });

  test('a clip whose hips are not marked is left out of the cut instead of being cut anywhere', async () => {
    const { folder, clip, options } = await filmed('fall');
    await using _ = folder;
    expect(await disturbClip(clip, named('cut-at-hips'), { ...options, marks: {} })).toBeUndefined();
  });
});
