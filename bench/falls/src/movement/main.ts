/**
 * Measures whether the packets of a camera reveal a fall early enough to be worth a frame (`npm run eval:movement`): how the activity of
 * packets separates falls from calm activity and quiet nights, and what frames that it requests would gain.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Clip, readClips } from '../clip-list.ts';
import { type ClipRun, heldBefore } from '../evaluate-clip.ts';
import { FittedDecisions } from '../fitted-decisions.ts';
import { readMarks, withTimes } from '../marks.ts';
import { findModel, loadModel } from '../model.ts';
import { runClips } from '../run-clips.ts';
import { productLookBack } from '../simulate.ts';
import { crossDataSetFolds } from '../splits.ts';
import { encodings } from './encode.ts';
import { listen, quantile, separate } from './separation.ts';

const root = join(import.meta.dirname, '../../../..');
const { values } = parseArgs({
  options: {
    /** `separation`, `delay`; both where it is left out. */
    part: { type: 'string', multiple: true, default: ['separation', 'delay'] },
    /** Only encodings whose title contains it. */
    encoding: { type: 'string', multiple: true, default: [''] },
  },
});
const dataFolder = process.env.VIGILIA_TEST_DATA ?? join(root, '../shared/data');
const cacheFolder = process.env.VIGILIA_FALLS_CACHE ?? join(root, '.cache/vigilia/falls');
const marks = readMarks(join(root, 'bench/falls/marks.json'));
const clips = ['labels/clips.json', 'labels/clips-hard.json']
  .flatMap((list) => readClips(join(dataFolder, list), dataFolder))
  .map((clip) => withTimes(clip, marks));
const chosen = encodings.filter(({ title }) => values.encoding.some((text) => title.includes(text)));
const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const times = (factor: number): string => `${factor.toFixed(2)} ×`;

async function showSeparation(): Promise<void> {
  const rooms = clips.filter(({ set }) => set.startsWith('rendered'));
  print(
    '| encoding | kbit/s | activity in falls: least | median | in quiet nights: 99.9 % below | frames requested after falls | in quiet nights, per hour | ends of movement in calm activity, per minute |',
  );
  print('|---|---|---|---|---|---|---|---|');
  for (const encoding of chosen) {
    const one = await separate(rooms, encoding, { dataFolder, cacheFolder });
    const factors = [one.fallLeast, one.fallMedian, one.nightFactor].map(times);
    const rates = [one.nightRequestsPerHour, one.calmEndsPerMinute].map((rate) => rate.toFixed(1));
    const cells = [encoding.title, one.kilobitsPerSecond, ...factors, `${one.heardFalls} of ${one.falls}`, ...rates];
    print(`| ${cells.join(' | ')} |`);
  }
}

/** Seconds after a person came to the floor at which a signal that knows of it would request frames. */
const perfect: readonly number[] = [1, 2, 4];

async function showDelay(): Promise<void> {
  const folders = [join(root, '.cache/vigilia/models'), join(dataFolder, 'models')];
  const file = findModel('movenet', [process.env.VIGILIA_MODELS_DIR ?? '', ...folders]);
  if (file === undefined) throw new Error('The model movenet was not found. Run `npm run setup`.');
  const model = await loadModel('movenet', file);
  const decisions = new FittedDecisions({ model, marks, cacheFolder });
  const across = async (requestsOf?: (clip: Clip) => readonly number[]): Promise<ClipRun[]> => {
    const runs: ClipRun[] = [];
    for (const fold of crossDataSetFolds(clips)) {
      const decision = await decisions.decisionFor(fold);
      const plan = { model, decision, rates: [0.1], cacheFolder, lookBack: productLookBack, requestsOf };
      runs.push(...(await runClips({ ...plan, clips: fold.judgedOn, progress: () => {} })));
    }
    return runs;
  };
  print('\n| frames requested by | found | false alarms | delay s, median | 90 % | worst |\n|---|---|---|---|---|---|');
  show('no signal', await across());
  show('a perfect signal', await across(perfectly));
  for (const encoding of chosen.filter(({ title }) => title.includes('medium'))) {
    const requests = new Map<string, readonly number[]>();
    for (const clip of crossDataSetFolds(clips).flatMap(({ judgedOn }) => judgedOn)) {
      const shown = { path: clip.path, heldBefore, heldAfter: 20, light: 'day' } as const;
      requests.set(clip.name, (await listen(shown, encoding, cacheFolder)).requested);
    }
    show(`packets, ${encoding.title}`, await across(({ name }) => requests.get(name) ?? []));
  }
}

function perfectly({ kind, fall_start_s: from, on_floor_from_s: to }: Clip): readonly number[] {
  const floor = to ?? (typeof from === 'number' ? from + 1 : undefined);
  return kind === 'fall' && floor !== undefined ? perfect.map((after) => floor + after) : [];
}

function show(title: string, runs: readonly ClipRun[]): void {
  const falls = runs.filter(({ clip }) => clip.kind === 'fall');
  const delays = runs.flatMap(({ delaySeconds }) => delaySeconds ?? []);
  const found = `${falls.filter((run) => run.found).length} of ${falls.length}`;
  const wrong = runs.reduce((sum, { falseAlarms }) => sum + falseAlarms, 0);
  const seconds = [0.5, 0.9, 1].map((share) => quantile(delays, share).toFixed(1));
  print(`| ${[title, found, wrong, ...seconds].join(' | ')} |`);
}

if (values.part.includes('delay')) {
  await showDelay();
}
if (values.part.includes('separation')) {
  await showSeparation();
}
