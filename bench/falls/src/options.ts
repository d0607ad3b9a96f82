import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findModel } from './model.ts';

/** What `npm run eval:falls` can be told. */
export interface Options {
  readonly clips: string;
  readonly dataFolder: string;
  readonly cacheFolder: string;
  readonly modelFolders: readonly string[];
  readonly rates: readonly number[];
  readonly models: readonly string[];
  /** Substrings of clip names; all where empty. */
  readonly only: readonly string[];
  /** Only this half of the clips. */
  readonly half: 'tuning' | 'quoted' | undefined;
  readonly json: boolean;
  /** Where the report goes; undefined = none. */
  readonly report: string | undefined;
  readonly nights: boolean;
  readonly onlyNights: boolean;
  readonly ratesGiven: boolean;
}

export const defaultRates = [0.1, 0.2, 0.5, 1, 5];
export const defaultModels = ['yolov8n-pose-640', 'yolov11n-640', 'centernet-512'];

export const usage = `npm run eval:falls -- [options]
  --clips FILE   clip list in the format of labels/clips.json (default: that one)
  --rate R       only this rate, frames a second (default: ${defaultRates.join(', ')}); may be repeated
  --model ID     only this model (default: ${defaultModels.join(', ')}); may be repeated
  --only TEXT    only clips whose name holds this; may be repeated
  --half H       only the tuning or the quoted half
  --nights       only the quiet nights
  --report FILE  write the Markdown report, nights included (with no option at all: docs/fall-evaluation.md)
  --json         no tables: one closing JSON line`;

/** Parses the command line. Throws with a sentence for what cannot be understood. */
export function parseOptions(argv: readonly string[], repoRoot: string): Options {
  const many = { type: 'string', multiple: true } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      clips: { type: 'string' },
      rate: many,
      model: many,
      only: many,
      half: { type: 'string' },
      nights: { type: 'boolean', default: false },
      report: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) throw new Error(usage);
  const rates = values.rate?.map(Number) ?? defaultRates;
  const wrong = rates.find((rate) => !(rate >= 0.01 && rate <= 30));
  if (wrong !== undefined) throw new Error(`--rate must be a number from 0.01 to 30, frames a second. ${usage}`);
  if (values.half !== undefined && values.half !== 'tuning' && values.half !== 'quoted')
    throw new Error(`--half must be tuning or quoted, not ${values.half}. ${usage}`);
  const report = values.report ?? (argv.length === 0 ? join(repoRoot, 'docs/fall-evaluation.md') : undefined);
  const dataFolder = process.env.VIGILIA_TEST_DATA ?? join(repoRoot, '../shared/data');
  const modelFolders = [
    process.env.VIGILIA_MODELS_DIR,
    join(repoRoot, '.cache/vigilia/models'),
    join(dataFolder, 'models'),
  ].filter((one) => one !== undefined);
  const unknown = values.model?.find((id) => findModel(id, modelFolders) === undefined);
  if (unknown !== undefined) throw new Error(`The model ${unknown} is in none of ${modelFolders.join(', ')}.`);
  return {
    clips: values.clips ?? join(dataFolder, 'labels/clips.json'),
    dataFolder,
    cacheFolder: join(repoRoot, '.cache/vigilia/falls'),
    modelFolders,
    rates,
    models: values.model ?? defaultModels,
    only: values.only ?? [],
    half: values.half,
    json: values.json,
    report,
    nights: values.nights || report !== undefined,
    onlyNights: values.nights,
    ratesGiven: values.rate !== undefined,
  };
}
