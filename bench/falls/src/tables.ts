import type { ClipRun } from './evaluate-clip.ts';
import type { RowRuns, Section } from './sections.ts';
import { type Summary, summarise } from './summary.ts';

const header = `| part | model | fps | clips | falls found | recall (95 % interval) | false alarms in quiet runs | in fall runs | delay s, median | worst |
|---|---|---|---|---|---|---|---|---|---|`;

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** `93 % (80–98 %)`, or a dash without falls. */
export function recallText({ recall, interval }: Pick<Summary, 'recall' | 'interval'>): string {
  if (recall === undefined || interval === undefined) return '–';
  return `${percent(recall)} (${Math.round(100 * interval.low)}–${percent(interval.high)})`;
}

function figures(s: Summary): string[] {
  const found = s.falls === 0 ? '–' : `${s.found} of ${s.falls}`;
  const quiet = s.quietRuns === 0 ? '–' : `${s.quietAlarms} (${s.quietRuns} runs)`;
  const during = s.falls === 0 ? '–' : `${s.falseAlarms - s.quietAlarms}`;
  const delays = [s.medianDelaySeconds ?? '–', s.worstDelaySeconds ?? '–'].map(String);
  return [String(s.clips), found, recallText(s), quiet, during, ...delays];
}

const distinct = <T>(all: readonly T[]): T[] => [...new Set(all)];

/** The table of one section: one line per part, model and rate. */
export function sectionTable(section: Pick<Section, 'pooled'>, rows: readonly RowRuns[]): string {
  const titles = distinct(rows.map(({ title }) => title));
  const parts = titles.map((title) => ({
    title,
    runs: rows.filter((row) => row.title === title).flatMap(({ runs }) => runs),
  }));
  const all = { title: '**all**', runs: rows.flatMap(({ runs }) => runs) };
  return `${header}\n${(section.pooled ? [all, ...parts] : parts).flatMap(linesOf).join('\n')}`;
}

function linesOf({ title, runs }: RowRuns): string[] {
  return distinct(runs.map(({ modelId }) => modelId)).flatMap((modelId) =>
    distinct(runs.map(({ fps }) => fps)).map((fps) => {
      const of = runs.filter((run) => run.modelId === modelId && run.fps === fps);
      return `| ${[title, modelId, fps, ...figures(summarise(of))].join(' | ')} |`;
    }),
  );
}

/** Every clip that was missed or falsely alarmed: in how many runs, and the most frequent reason. */
export function missTable(rows: readonly RowRuns[]): string {
  const all = rows.flatMap(({ title, runs }) =>
    runs.map((run) => ({ key: `${title} | ${run.modelId} | ${run.fps} | ${run.clip.name}`, run })),
  );
  const lines = distinct(all.map(({ key }) => key)).flatMap((key) => {
    const runs = all.filter((one) => one.key === key).map(({ run }) => run);
    const reasons = runs.flatMap(reasonOf);
    if (reasons.length === 0) return [];
    const most = distinct(reasons).sort((a, b) => countOf(reasons, b) - countOf(reasons, a))[0] ?? '';
    const others = reasons.length - countOf(reasons, most);
    return [`| ${key} | ${reasons.length} of ${runs.length} | ${most}${others > 0 ? ` (${others} otherwise)` : ''} |`];
  });
  if (lines.length === 0) return 'No fall was missed, and there was no false alarm.';
  return `| part | model | fps | clip | runs | what happened |\n|---|---|---|---|---|---|\n${lines.join('\n')}`;
}

const countOf = (all: readonly string[], one: string): number => all.filter((other) => other === one).length;

function reasonOf({ clip, found, reason }: ClipRun): string[] {
  if (!reason) return [];
  return [`${clip.kind === 'fall' && !found ? 'missed' : 'false alarm'}: ${reason}`];
}
