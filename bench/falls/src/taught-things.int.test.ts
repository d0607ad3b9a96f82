import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repoRoot, requires, testData } from '@vigilia/testing';
import { readClips } from './clip-list.ts';
import { shippedDecision } from './fitted-decisions.ts';
import { findModel, loadModel } from './model.ts';
import { teachWhereAlarmed } from './taught-things.ts';

const subset = ['urfd/fall-05', 'gmdcsa24/Subject_2_Fall_13', 'other/care-home-3'];

requires(
  'ffmpeg',
  'model',
  'data',
)('a thing that was taught exactly where a person falls', () => {
  const cacheFolder = mkdtempSync(join(tmpdir(), 'vigilia-taught-'));
  afterAll(() => rmSync(cacheFolder, { recursive: true, force: true }));

  test.each([1, 0.1])('hides no fall that is found without it, at %d frames per second', async (fps) => {
    const clips = readClips(testData('labels/clips.json'), testData()).filter(({ name }) =>
      subset.some((part) => name.includes(`${part}.`)),
    );
    const file = findModel('movenet', [join(repoRoot, '.cache/vigilia/models')]) ?? 'nowhere';
    const model = await loadModel('movenet', file);
    const plan = { clips, model, decision: shippedDecision(model), rates: [fps], phases: [0.25], cacheFolder };
    const runs = await teachWhereAlarmed({ ...plan, variants: 3, progress: () => undefined });
    const found = runs.filter(({ before }) => before.found);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(({ after }) => !after.found).map(({ before }) => before.clip.name)).toEqual([]);
  });
});
