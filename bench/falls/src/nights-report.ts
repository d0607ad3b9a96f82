import type { NightRun } from './nights.ts';

/** Upper end of the 95 % interval of a rate after seeing no event: −ln 0.05 divided by the time (the "rule of three"). */
const ruleOfThree = -Math.log(0.05);

const countOf = ({ simulated }: NightRun, kind: string): number =>
  simulated.told.filter(({ effect }) => effect.kind === kind).length;

/** Alarms of all nights. */
export const nightAlarms = (runs: readonly NightRun[]): number =>
  runs.reduce((sum, run) => sum + countOf(run, 'detected'), 0);

/** One table a model and rate, with the bound that its hours allow. */
export function nightTables(runs: readonly NightRun[]): string {
  const keys = [...new Set(runs.map(({ modelId, fps }) => `${modelId} at ${fps} frames a second`))];
  return keys
    .map((key) =>
      table(
        key,
        runs.filter(({ modelId, fps }) => `${modelId} at ${fps} frames a second` === key),
      ),
    )
    .join('\n\n');
}

function table(title: string, runs: readonly NightRun[]): string {
  const hours = runs.reduce((sum, { program }) => sum + program.hours, 0);
  const minutes = runs.reduce((sum, { sourceSeconds }) => sum + sourceSeconds, 0) / 60;
  const alarms = nightAlarms(runs);
  const bound =
    alarms === 0
      ? `; 95 % upper bound ${(ruleOfThree / hours).toFixed(3)} an hour (${((24 * ruleOfThree) / hours).toFixed(1)} a day)`
      : '';
  const rows = [...runs.map((run) => row(run.program.title, [run])), row('**all**', runs)];
  return `**${title}**: ${alarms} alarms in ${hours} simulated hours${bound}, made from ${minutes.toFixed(1)} minutes of footage.

| program | hours | alarms | suspicions | not visible | bursts |
|---|---|---|---|---|---|---|
${rows.join('\n')}`;
}

function row(title: string, runs: readonly NightRun[]): string {
  const sum = (of: (run: NightRun) => number) => runs.reduce((total, run) => total + of(run), 0);
  const counts = ['detected', 'suspected', 'person_not_visible', 'burst'].map((kind) =>
    sum((run) => countOf(run, kind)),
  );
  const hours = sum(({ program }) => program.hours);
  return `| ${[title, hours, ...counts].join(' | ')} |`;
}
