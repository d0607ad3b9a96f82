import type { Evaluation } from './evaluation.ts';
import { nightTable, programTable } from './nights-report.ts';
import { figureComment, type QuotedFigure, quotedFigure } from './quoted-figure.ts';
import type { RowRuns, Section } from './sections.ts';
import { summarise } from './summary.ts';
import { missTable, sectionTable } from './tables.ts';

const method = `# How many falls it finds, and how many alarms are false

\`npm run eval:falls\` makes this document; only the last chapter is written by hand. The command at the top of each table makes that
table alone. The first run needs hours, because every model analyses every clip; later runs need minutes, because detections are cached
(\`.cache/vigilia/falls\`, or \`VIGILIA_FALLS_CACHE\`).

## Method

- Time is simulated. The decoder (ffmpeg), the models (ONNX Runtime) and the fall decision are the product's, with its default policy.
  Events are judged, never single frames.
- **Data.** \`bench/falls/manifest.json\` freezes every file by its sha256; the command stops when a file differs. The data themselves are not
  in the repository, because some may not be redistributed.
- **What is fitted.** Only the calibration of the model: six numbers (three without joints) that define what its confidences mean. Each part
  below names the clips that these numbers were fitted on; no clip is judged with numbers that it helped to fit, and the fit does not
  start from the shipped numbers. The posture model is trained on simulated skeletons, and no other number is fitted. Where people are in
  the footage (for the fit, and for the cut at the hips) was marked by hand in \`bench/falls/marks.json\`.
- **Models.** The embedded model, \`movenet\`, is judged in every part. The test models (\`yolov8n-pose-640\` with joints, \`yolov11n-640\` without) are judged
  across data sets only, because a frame takes four times as long with them. With \`--model\` each model is judged in every part.
- **Rates and phases.** Each clip is watched at each rate from several starting points (eight; two at 5 fps, where the
  grid of 0.1 s has no more), because at 0.1 fps the result depends on the moment at which the person falls. Each starting point is one *run*.
- **Holding.** Clips of falls end seconds after the fall, before an alarm can be due. The first frame is held for 30 s before every clip
  and the last for 120 s after it. A held frame is one of twelve versions with ± 2 px jitter and sensor noise (5 grey levels), both per
  pixel of the camera. Frames of the clip itself are taken as filmed, on a grid of 0.1 s (0.2 s in clips longer than 30 s).
- **Found** is an alarm after the labelled beginning of the fall which claims a time on the floor that began no earlier than the fall
  (tolerance: 2 s and the time between two frames). **Every other alarm is false**: one before the fall, one during the fall whose time on
  the floor began before it (right by luck), a second one for the same fall, and any in a clip without a fall that should alarm.
- **Delay**: alarm − labelled time of lying. GMDCSA24 has no such label; there it is the beginning of the fall + 1 s, as in URFD.
- **Intervals** are Wilson's, at 95 %. All runs of a clip count as one trial, because they show the same fall: 15 clips with 8 runs each are 15
  trials, not 120.
- Bursts (a higher rate after a suspicion) begin 3 s after the request, because opening a full decode takes so long.

## What this does not show

- Few people: three actors in one office (URFD), two young men at home (GMDCSA24), three clips from care homes, rendered bodies.
- The long lie after a filmed fall is a held frame with noise: the person does not breathe, move or get help.
- URFD and GMDCSA24 were looked at while the features and the constants of the decision were chosen, though no number was fitted to
  the set that it is judged on. So was \`rooms-hard\` when the simulation got fewer stooping people (a tenth of those who are up).
- Published false alarm rates on real wards are far higher than those of any test set: 26–31 per day (Debard 2017).
- The test models in Ultralytics' layout are int8 weights turned back to float: slightly weaker than the official ones.`;

const nightMethod = `Hours made from clips without a fall (the programs below), each on one camera without a break, with the light on, dim and
infrared-like for ten minutes each, and camera noise throughout. The shipped calibration. A clip that does not end as it begins plays
forwards, is held, and plays backwards, because a cut would move people across the room between two frames. Frames of clips are taken
four times per second, as look-backs take them. All hours are repeated with other noise, sixteen times at 0.1 frames per
second; at higher rates the number of looks is bounded, so there are fewer hours.

A room-week is 168 hours. Two bounds are given (Poisson, one-sided 95 %). The first counts every simulated hour as an independent one: it holds
for nights like these. **The second counts only the distinct footage** and each program with an alarm once: it is all that is known about
nights that were never filmed, and it is large, because the footage is short.`;

const command = (split: string): string => `\`npm run eval:falls -- --split ${split}\``;

/** Parts whose misses are listed one by one; elsewhere the list would hide the table. */
const listed = ['cross', 'rendered', 'others'];

/** Returns the whole report as Markdown. \`reading\`: what a person wrote about the figures, kept when they are made again. */
export function document(evaluation: Evaluation, reading: string): string {
  const figure = figureOf(evaluation);
  const [embedded] = modelsOf(evaluation);
  const misses = evaluation.sections
    .filter(({ section }) => listed.includes(section.id))
    .flatMap(({ rows }) => rows)
    .map(({ title, runs }) => ({ title, runs: runs.filter(({ modelId }) => modelId === embedded) }));
  return [
    method,
    ...(figure ? [figureComment(figure)] : []),
    ...evaluation.sections.map(sectionText),
    `## Misses and false alarms of the embedded model\n\n${missTable(misses)}`,
    ...nightsText(evaluation),
    fittedText(evaluation),
    reading,
  ].join('\n\n');
}

function sectionText({ section, rows }: { readonly section: Section; readonly rows: readonly RowRuns[] }): string {
  return `## ${section.title}\n\n${command(section.id)}\n\n${section.explanation}\n\n${sectionTable(section, rows)}`;
}

function nightsText({ nights }: Evaluation): string[] {
  if (nights.length === 0) return [];
  return [`## Nights\n\n${command('nights')}\n\n${nightMethod}\n\n${nightTable(nights)}\n\n${programTable(nights)}`];
}

function fittedText({ fitted }: Evaluation): string {
  const lines = fitted.map(({ modelId, title, calibration, framesWithPeople, framesWithout }) => {
    const { startConfidence, continueConfidence, furnitureConfidence, joints } = calibration;
    const weights = [joints?.confidenceWeight, joints?.visibilityWeight, joints?.bias].map(
      (one) => one?.toFixed(2) ?? '–',
    );
    const thresholds = [startConfidence, continueConfidence, furnitureConfidence].map((one) => one.toFixed(2));
    return `| ${[modelId, title, framesWithPeople, framesWithout, ...thresholds, ...weights].join(' | ')} |`;
  });
  return `## The fitted numbers

Models with joints: probability of a person = logistic(a · logit(score) + b · ln(mean visibility of the joints + 0.02) + c). Models
without joints: 0.5 at *start* and 0.9 at *furniture*. Detections below *continue* are not used.

| model | fit | frames with people | without | start | continue | furniture | a | b | c |
|---|---|---|---|---|---|---|---|---|---|
${lines.join('\n')}`;
}

const modelsOf = ({ sections }: Evaluation): string[] => [
  ...new Set(sections.flatMap(({ rows }) => rows.flatMap(({ runs }) => runs.map(({ modelId }) => modelId)))),
];

/** Returns the figure across data sets of the first (embedded) model; undefined where that part was not run. */
function figureOf(evaluation: Evaluation): QuotedFigure | undefined {
  const [embedded] = modelsOf(evaluation);
  const cross = evaluation.sections.find(({ section }) => section.id === 'cross');
  if (embedded === undefined || cross === undefined) return undefined;
  const runs = cross.rows.flatMap((row) => row.runs).filter(({ modelId }) => modelId === embedded);
  const rates = [...new Set(runs.map(({ fps }) => fps))];
  return quotedFigure(
    embedded,
    rates.map((fps) => ({ fps, summary: summarise(runs.filter((run) => run.fps === fps)) })),
  );
}

const readingHeading = '## Reading the tables';

/** Returns the part of an earlier report that a person wrote. */
export function keptReading(report: string): string {
  const at = report.indexOf(readingHeading);
  return at < 0 ? '' : report.slice(at);
}
