import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot, requires } from '@vigilia/testing';
import type { Zone } from '@vigilia/vision';
import { parse } from 'yaml';
import { openClipDetector } from './clip-detector.ts';
import { shippedDecision } from './fitted-decisions.ts';
import { findModel, loadModel, type Model } from './model.ts';
import { simulate } from './simulate.ts';

interface Written {
  readonly quiet: { readonly model_id: string; readonly max_fps: number };
  readonly rooms: Record<string, { readonly zones: readonly Zone[] }>;
  readonly 'x-spare-rooms': Record<string, { readonly zones: readonly Zone[] }>;
}

const demo = parse(readFileSync(join(repoRoot, 'demo/demo.yaml'), 'utf8')) as Written;
const rooms = { ...demo.rooms, ...demo['x-spare-rooms'] };

/** The events of a demo room while its clip is repeated for this long at the demo's quiet rate. */
async function watch(room: string, model: Model, seconds: number): Promise<string[]> {
  const clip = { name: `demo/${room}.mp4`, path: join(repoRoot, `demo/rooms/${room}.mp4`) };
  await using detector = await openClipDetector(clip, model, { cacheFolder: join(repoRoot, '.cache/vigilia/falls') });
  const eyes = detector.watch();
  const look = (second: number, standingHeight: number | undefined) =>
    eyes.at({ second: second % detector.seconds, noise: { variant: 0, light: 'plain' } }, standingHeight);
  const { width, height } = detector;
  const scene = { width, height, fromSecond: 0, toSecond: seconds, zones: rooms[room]?.zones, look };
  const { told } = await simulate(scene, { fps: demo.quiet.max_fps, phase: 0, decision: shippedDecision(model) });
  return told.map(({ effect }) => effect.kind);
}

requires('ffmpeg', 'model')('the rooms of `npm start`', () => {
  test('a person falls in room 2, and no event is reported of the other twelve', async () => {
    const file = findModel(demo.quiet.model_id, [join(repoRoot, '.cache/vigilia/models')]);
    const model = await loadModel(demo.quiet.model_id, file ?? 'nowhere');
    const told: Record<string, string[]> = {};
    for (const room of Object.keys(rooms)) {
      const news = (await watch(room, model, 90)).filter((kind) => kind !== 'burst' && kind !== 'look_back');
      if (news.length > 0) {
        told[room] = news;
      }
    }
    expect(Object.keys(rooms)).toHaveLength(13);
    expect(told).toEqual({ '2': expect.arrayContaining(['suspected', 'detected']) });
    expect(told['2']?.filter((kind) => kind === 'detected')).toHaveLength(1);
  });
});
