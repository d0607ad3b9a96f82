import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultFallPolicy } from '@vigilia/vision';
import { type Clip, readClips } from './clip-list.ts';
import { document, readingHeading } from './document.ts';
import { findModel, loadModel } from './model.ts';
import { type NightRun, runNights } from './nights.ts';
import { nightTables } from './nights-report.ts';
import { type Options, parseOptions } from './options.ts';
import { misses, tables } from './report.ts';
import { runClips } from './run-clips.ts';
import { summarise } from './summary.ts';

const repoRoot = join(import.meta.dirname, '../../..');
const policy = defaultFallPolicy;
const progress = (text: string) => process.stderr.write(`${text}\n`);
const nightRates = [0.1, 0.2, 1];

async function main(options: Options): Promise<void> {
  const all = readClips(options.clips, options.dataFolder);
  const clips = all.filter(
    ({ name, half }) =>
      (options.only.length === 0 || options.only.some((text) => name.includes(text))) &&
      (options.half === undefined || half === options.half),
  );
  const runs = options.onlyNights ? [] : await runClips({ ...options, clips, policy, progress });
  const nights = options.nights ? await allNights(all, options) : [];
  if (options.report)
    writeFileSync(options.report, `${document(runs, nights, keptReading(options.report)).trimEnd()}\n`);
  if (!options.json) {
    if (runs.length > 0)
      process.stdout.write(`${tables(runs, '###')}\n\n### Misses and false alarms\n\n${misses(runs)}\n\n`);
    if (nights.length > 0) process.stdout.write(`${nightTables(nights)}\n\n`);
  }
  const { falls, found, falseAlarms, medianDelaySeconds, worstDelaySeconds, clips: count } = summarise(runs);
  const line = {
    falls,
    found,
    false_alarms: falseAlarms,
    clips: count,
    median_delay_s: medianDelaySeconds,
    worst_delay_s: worstDelaySeconds,
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function allNights(clips: readonly Clip[], options: Options): Promise<NightRun[]> {
  const runs: NightRun[] = [];
  const rates = options.ratesGiven ? options.rates : nightRates;
  for (const id of options.models) {
    const file = findModel(id, options.modelFolders);
    if (!file) continue;
    const model = await loadModel(id, file);
    for (const fps of rates)
      runs.push(...(await runNights(clips, model, { fps, policy, cacheFolder: options.cacheFolder, progress })));
  }
  return runs;
}

/** The part of an earlier report that a person wrote. */
function keptReading(file: string): string {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const at = text.indexOf(readingHeading);
  return at < 0 ? '' : text.slice(at);
}

try {
  await main(parseOptions(process.argv.slice(2), repoRoot));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
