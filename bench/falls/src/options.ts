import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findModel } from './model.ts';
import { nightRates, reportedRates } from './rates.ts';
import { sections } from './sections.ts';

/** What `npm run eval:falls` is asked to do. */
export interface Options {
  /** Undefined: the frozen clips of the data folder. */
  readonly clips: string | undefined;
  readonly dataFolder: string;
  readonly cacheFolder: string;
  readonly modelFolders: readonly string[];
  /** Undefined: those of each part. */
  readonly rates: readonly number[] | undefined;
  readonly models: readonly string[];
  /** The models were named: each of them is judged in every part. */
  readonly modelsNamed: boolean;
  /** Substrings of clip names; all where empty. */
  readonly only: readonly string[];
  /** Ids of sections, and `nights`. */
  readonly splits: readonly string[];
  /** Rooms look back at what was sent between two of their frames. */
  readonly lookBack: boolean;
  readonly json: boolean;
  /** Where the report goes; undefined = none. */
  readonly report: string | undefined;
  readonly task: 'evaluate' | 'detect' | 'freeze' | 'quote';
}

const splitIds: readonly string[] = [...sections.map(({ id }) => id), 'nights'];
/** Parts that take too long for models that the product does not ship. */
const embeddedOnly = [...sections.filter(({ testModels }) => !testModels).map(({ id }) => id), 'nights'];
/** The embedded model first, then the test models. */
export const defaultModels = ['movenet', 'yolov8n-pose-640', 'yolov11n-640'];

const usage = `npm run eval:falls -- [options]     (without options: everything, into docs/fall-evaluation.md and what quotes it)
  --split S      only this part: ${splitIds.join(', ')}; may be repeated
  --model ID     only this model, in every part; may be repeated (default: ${defaultModels.join(', ')}; the parts
                 ${embeddedOnly.join(', ')} with the first alone)
  --rate R       only this rate, frames per second (default: ${reportedRates.join(', ')}; ${nightRates.join(' and ')} in the nights); may be repeated
  --only TEXT    only clips whose name contains this; may be repeated
  --clips FILE   your own clips, in the format of labels/clips.json, with the shipped numbers
  --look-back    rooms analyse, on suspicion, what their camera sent between two frames
  --report FILE  write the Markdown report to this file
  --json         no tables: one closing JSON line
  --detect       only fill the cache of detections
  --freeze       write bench/falls/manifest.json for the data as it is now
  --quote        measure nothing; write the figures of docs/fall-evaluation.md into the documents that quote them
The cache of detections is in .cache/vigilia/falls; VIGILIA_FALLS_CACHE moves it.`;

const many = { type: 'string', multiple: true } as const;
const flag = { type: 'boolean', default: false } as const;

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    options: {
      split: many,
      model: many,
      rate: many,
      only: many,
      clips: { type: 'string' },
      report: { type: 'string' },
      'look-back': flag,
      json: flag,
      detect: flag,
      freeze: flag,
      quote: flag,
      help: flag,
    },
  }).values;
}

/** Parses the command line. Throws with a sentence for what cannot be understood. */
export function parseOptions(argv: readonly string[], repoRoot: string): Options {
  const values = parse(argv);
  if (values.help) throw new Error(usage);
  const wrongRate = values.rate?.find((rate) => !(Number(rate) >= 0.01 && Number(rate) <= 30));
  if (wrongRate !== undefined)
    throw new Error(`--rate must be a number from 0.01 to 30, frames per second (got ${wrongRate}).\n${usage}`);
  const wrongSplit = values.split?.find((id) => !splitIds.includes(id));
  if (wrongSplit !== undefined)
    throw new Error(`--split must be one of ${splitIds.join(', ')} (got ${wrongSplit}).\n${usage}`);
  const dataFolder = process.env.VIGILIA_TEST_DATA ?? join(repoRoot, '../shared/data');
  const modelFolders = [
    process.env.VIGILIA_MODELS_DIR,
    join(repoRoot, '.cache/vigilia/models'),
    join(dataFolder, 'models'),
  ].filter((one) => one !== undefined);
  const models = values.model ?? defaultModels;
  const unknown =
    values.freeze || values.quote ? undefined : models.find((id) => findModel(id, modelFolders) === undefined);
  if (unknown !== undefined)
    throw new Error(
      `The model ${unknown} is in none of ${modelFolders.join(', ')}. Run \`npm run setup\`, or name another one with --model.`,
    );
  return {
    clips: values.clips,
    dataFolder,
    cacheFolder: process.env.VIGILIA_FALLS_CACHE ?? join(repoRoot, '.cache/vigilia/falls'),
    modelFolders,
    rates: values.rate?.map(Number),
    models,
    modelsNamed: values.model !== undefined,
    only: values.only ?? [],
    splits: values.split ?? splitIds,
    lookBack: values['look-back'],
    json: values.json,
    report: values.report ?? (argv.length === 0 ? join(repoRoot, 'docs/fall-evaluation.md') : undefined),
    task: taskOf(values),
  };
}

function taskOf({ freeze, quote, detect }: ReturnType<typeof parse>): Options['task'] {
  if (freeze) return 'freeze';
  if (quote) return 'quote';
  return detect ? 'detect' : 'evaluate';
}
