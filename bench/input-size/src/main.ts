/**
 * Measures how the size of MoveNet's input and the size of people in it change what is found, on rendered rooms with ground truth:
 * `npm run eval:input-size -- [--data FOLDER] [--model FILE] [--clips PATTERN] [--shares 1,0.5]`.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inputSizeFor } from '@vigilia/vision';
import { loadDetector } from './detector.ts';
import { canvas, framesOf } from './scene.ts';
import { Tally } from './tally.ts';
import { readTruth } from './truth.ts';

const factors = [1, 1.5, 2, 2.5, 3];
const postures = ['up', 'sitting', 'kneeling', 'down', 'bed'];
const fps = 0.25;
/** Median height of people who stand in the clips, px of 360. */
const standingPx = 172;

const root = join(import.meta.dirname, '../../..');
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: process.env.VIGILIA_TEST_DATA ?? join(root, '../shared/data') },
    model: { type: 'string', default: join(root, '.cache/vigilia/models/movenet.onnx') },
    clips: { type: 'string', default: '' },
    shares: { type: 'string', default: '1,0.5,0.33,0.25,0.2' },
  },
});
const clips = ['rooms', 'rooms-hard']
  .flatMap((folder) => list(join(values.data, folder)))
  .filter((clip) => new RegExp(values.clips).test(clip));
const detector = await loadDetector(values.model);

for (const share of values.shares.split(',').map(Number)) {
  const standing = Math.round((standingPx / 360) * inputSizeFor(canvas).height * share);
  process.stdout.write(`\nPeople of about ${standing} pixels (standing, in the usual input)\n\n`);
  process.stdout.write(
    `| input | ${postures.join(' | ')} | things per frame |\n|---${'|---'.repeat(postures.length)}|---|\n`,
  );
  for (const factor of factors) {
    process.stdout.write(`${row(factor, await measure(share, factor))}\n`);
  }
}

async function measure(share: number, factor: number): Promise<Tally> {
  const size = inputSizeFor(canvas, factor);
  const tally = new Tally();
  for (const clip of clips) {
    const truth = readTruth(clip.replace(/\.mp4$/, '.json'));
    for (const [index, frame] of framesOf(clip, size, { share, fps }).entries()) {
      tally.add(await detector.detect(frame, size), truth.peopleAt((index + 0.5) / fps), share);
    }
  }
  return tally;
}

function row(factor: number, tally: Tally): string {
  const { width, height } = inputSizeFor(canvas, factor);
  const found = postures.map((posture) => tally.found(posture)).map(percent);
  return `| ${width}×${height} | ${found.join(' | ')} | ${tally.thingsPerFrame.toFixed(2)} |`;
}

function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${Math.round(100 * share)} %`;
}

function list(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.mp4'))
    .map((name) => join(folder, name));
}
