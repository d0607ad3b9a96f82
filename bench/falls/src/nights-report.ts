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
  const rows = runs.map((run) => {
    const { simulated, program } = run;
    const turned = ((200 * simulated.turned) / simulated.frames).toFixed(1);
    return `| ${program.title} | ${program.hours} | ${countOf(run, 'detected')} | ${countOf(run, 'suspected')} | ${countOf(run, 'person_not_visible')} | ${countOf(run, 'burst')} | ${turned} % |`;
  });
  return `**${title}**: ${alarms} alarms in ${hours} simulated hours${bound}, made from ${minutes.toFixed(1)} minutes of footage.

| program | hours | alarms | suspicions | not visible | bursts | inferences added by turned passes |
|---|---|---|---|---|---|---|
${rows.join('\n')}`;
}
