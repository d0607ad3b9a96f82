import type { ClipRun } from './evaluate-clip.ts';
import { groups } from './groups.ts';
import { type Summary, summarise } from './summary.ts';

const header = `| model | fps | falls found | of them low before | false alarms (quiet runs) | suspected where nobody fell | delay s, median | worst |
|---|---|---|---|---|---|---|---|`;

function row(modelId: string, fps: number, s: Summary): string {
  const share = s.falls > 0 ? ` (${Math.round((100 * s.found) / s.falls)} %)` : '';
  return `| ${modelId} | ${fps} | ${s.found} of ${s.falls}${share} | ${s.lowBefore} | ${s.falseAlarms} (${s.quietRuns}) | ${s.suspicions} | ${s.medianDelaySeconds ?? '–'} | ${s.worstDelaySeconds ?? '–'} |`;
}

/** One table a group of clips, one row a model and rate. */
export function tables(runs: readonly ClipRun[], level: string): string {
  const parts = groups.flatMap(({ title, has }) => {
    const of = runs.filter(has);
    if (of.length === 0) return [];
    const rows = distinct(of.map(({ modelId }) => modelId)).flatMap((modelId) =>
      distinct(of.map(({ fps }) => fps)).map((fps) =>
        row(modelId, fps, summarise(of.filter((run) => run.modelId === modelId && run.fps === fps))),
      ),
    );
    const names = distinct(of.map(({ clip }) => clip.name)).length;
    return [`${level} ${title} (${names} clips)\n\n${header}\n${rows.join('\n')}`];
  });
  return parts.join('\n\n');
}

/** Every miss and false alarm with its reasons, and the phases of each. */
export function misses(runs: readonly ClipRun[]): string {
  const lines = new Map<string, Map<string, number[]>>();
  for (const { clip, modelId, fps, phase, reason, found } of runs) {
    if (!reason) continue;
    const what = clip.kind === 'fall' && !found ? 'missed' : 'false alarm';
    const key = `${modelId} | ${fps} | ${clip.name} | ${what}`;
    const reasons = lines.get(key) ?? new Map<string, number[]>();
    lines.set(key, reasons.set(reason, [...(reasons.get(reason) ?? []), phase]));
  }
  if (lines.size === 0) return 'None.';
  const rows = [...lines].map(([key, reasons]) => {
    const told = [...reasons].map(([reason, phases]) => `${phases.join(', ')}: ${reason}`).join('; ');
    return `| ${key} | ${[...reasons.values()].flat().length} | ${told} |`;
  });
  return `| model | fps | clip | what | runs | reason (by phase) |\n|---|---|---|---|---|---|\n${rows.join('\n')}`;
}

const distinct = <T>(all: readonly T[]): T[] => [...new Set(all)];
