import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Clip, readClips } from './clip-list.ts';
import { document, keptReading } from './document.ts';
import { detect, type Evaluation, evaluate, evaluateOwn } from './evaluation.ts';
import { checkManifest, freezeData, readManifest } from './manifest.ts';
import { readMarks, withTimes } from './marks.ts';
import { modelCard, withResults } from './model-card.ts';
import { nightTable, programTable } from './nights-report.ts';
import { type Options, parseOptions } from './options.ts';
import { quotedParagraph, quotingDocuments, readFigure, withParagraph } from './quoted-figure.ts';
import type { RowRuns } from './sections.ts';
import { summarise } from './summary.ts';
import { missTable, sectionTable } from './tables.ts';

const repoRoot = join(import.meta.dirname, '../../..');
const manifestFile = join(repoRoot, 'bench/falls/manifest.json');
const marksFile = join(repoRoot, 'bench/falls/marks.json');
const publishedReport = join(repoRoot, 'docs/fall-evaluation.md');
const frozenLists = ['labels/clips.json', 'labels/clips-hard.json'];
const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const progress = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function main(options: Options): Promise<void> {
  const { dataFolder, task } = options;
  if (task === 'freeze') {
    print(`${freezeData(manifestFile, dataFolder)} files frozen in ${manifestFile}`);
    return;
  }
  if (task === 'quote') return quoteReport();
  if (options.clips !== undefined) {
    const clips = chosen(readClips(options.clips, dataFolder), options);
    const rows = await evaluateOwn({ options, clips, marks: {}, progress });
    return show([{ title: 'Own clips', table: sectionTable({ pooled: false }, rows) }], rows, options);
  }
  checkManifest(readManifest(manifestFile), dataFolder);
  const marks = readMarks(marksFile);
  const clips = chosen(
    frozenLists.flatMap((list) => readClips(join(dataFolder, list), dataFolder)),
    options,
  ).map((clip) => withTimes(clip, marks));
  if (task === 'detect') return detect({ options, clips, marks, progress });
  const evaluation = await evaluate({ options, clips, marks, progress });
  if (options.report !== undefined) {
    writeReport(evaluation, options.report);
  }
  const parts = evaluation.sections.map(({ section, rows }) => ({
    title: section.title,
    table: sectionTable(section, rows),
  }));
  if (evaluation.nights.length > 0) {
    parts.push({ title: 'Nights', table: `${nightTable(evaluation.nights)}\n\n${programTable(evaluation.nights)}` });
  }
  show(
    parts,
    evaluation.sections.flatMap(({ rows }) => rows),
    options,
  );
}

function chosen(clips: readonly Clip[], { only }: Options): readonly Clip[] {
  if (only.length === 0) return clips;
  return clips.filter(({ name }) => only.some((text) => name.includes(text)));
}

function writeReport(evaluation: Evaluation, report: string): void {
  const before = existsSync(report) ? readFileSync(report, 'utf8') : '';
  writeFileSync(report, `${document(evaluation, keptReading(before)).trimEnd()}\n`);
  if (resolve(report) === publishedReport) {
    quoteReport();
  }
}

/** Writes the figures of the published report into the documents that quote them; nothing where it has none to quote. */
function quoteReport(): void {
  const report = readFileSync(publishedReport, 'utf8');
  const figure = readFigure(report);
  if (figure === undefined) return;
  for (const quoting of quotingDocuments) {
    const file = join(repoRoot, quoting.file);
    writeFileSync(file, withParagraph(readFileSync(file, 'utf8'), quotedParagraph(figure, quoting)));
  }
  const card = join(repoRoot, modelCard);
  writeFileSync(card, withResults(readFileSync(card, 'utf8'), report));
}

function show(
  parts: readonly { readonly title: string; readonly table: string }[],
  rows: readonly RowRuns[],
  { json }: Options,
): void {
  if (!json) {
    for (const { title, table } of parts) {
      print(`### ${title}\n\n${table}\n`);
    }
    if (rows.length > 0) {
      print(`### Misses and false alarms\n\n${missTable(rows)}\n`);
    }
  }
  const { falls, found, falseAlarms, medianDelaySeconds, worstDelaySeconds, clips } = summarise(
    rows.flatMap(({ runs }) => runs),
  );
  print(
    JSON.stringify({
      falls,
      found,
      false_alarms: falseAlarms,
      clips,
      median_delay_s: medianDelaySeconds,
      worst_delay_s: worstDelaySeconds,
    }),
  );
}

try {
  await main(parseOptions(process.argv.slice(2), repoRoot));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
