import type { NightRun } from './nights.ts';
import { poissonUpperBound } from './poisson-bound.ts';

const hoursPerWeek = 168;

const countOf = ({ simulated }: NightRun, kind: string): number =>
  simulated.told.filter(({ effect }) => effect.kind === kind).length;

/** Alarms of all nights. */
const nightAlarms = (runs: readonly NightRun[]): number => runs.reduce((sum, run) => sum + countOf(run, 'detected'), 0);

/** Figures of all programs of one model and rate, per room-week (168 hours). */
export interface NightSummary {
  readonly hours: number;
  readonly footageMinutes: number;
  readonly alarms: number;
  readonly perWeek: number;
  /** Upper 95 % bound if every simulated hour were an independent one. */
  readonly simulatedBound: number;
  /** Upper 95 % bound that the distinct footage allows: all that is known about nights that were never filmed. */
  readonly footageBound: number;
}

export function summariseNights(runs: readonly NightRun[]): NightSummary {
  const hours = runs.reduce((sum, run) => sum + run.hours, 0);
  const footageMinutes = runs.reduce((sum, { sourceSeconds }) => sum + sourceSeconds, 0) / 60;
  const alarms = nightAlarms(runs);
  // All repetitions of an alarm are one event of the footage: at least one where there was any.
  const programsWithAlarm = runs.filter((run) => countOf(run, 'detected') > 0).length;
  return {
    hours,
    footageMinutes,
    alarms,
    perWeek: (alarms / hours) * hoursPerWeek,
    simulatedBound: (poissonUpperBound(alarms) / hours) * hoursPerWeek,
    footageBound: (poissonUpperBound(programsWithAlarm) / (footageMinutes / 60)) * hoursPerWeek,
  };
}

/** One line per model, rate and way of watching. */
export function nightTable(runs: readonly NightRun[]): string {
  const rows = watchesOf(runs).map((of) => {
    const { modelId, fps, looksBack } = of[0];
    const s = summariseNights(of);
    const cells = [
      modelId,
      fps,
      looksBack ? 'yes' : 'no',
      s.hours.toFixed(0),
      (s.hours / hoursPerWeek).toFixed(1),
      s.footageMinutes.toFixed(1),
      s.alarms,
      s.perWeek.toFixed(2),
    ];
    return `| ${[...cells, s.simulatedBound.toFixed(2), s.footageBound.toFixed(0)].join(' | ')} |`;
  });
  return `| model | fps | looks back | simulated hours | room-weeks | minutes of footage | false alarms | per room-week | 95 % bound, simulated hours | 95 % bound, footage |
|---|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}`;
}

/** One line per program, with one column per model, rate and way of watching: false alarms, suspicions. */
export function programTable(runs: readonly NightRun[]): string {
  const titles = [...new Set(runs.map(({ program }) => program.title))];
  const watches = watchesOf(runs);
  const rows = titles.map((title) => {
    const cells = watches.map((of) => {
      const run = of.find(({ program }) => program.title === title);
      return run ? `${countOf(run, 'detected')} / ${countOf(run, 'suspected')}` : '–';
    });
    return `| ${[title, ...cells].join(' | ')} |`;
  });
  const columns = watches.map(([run]) => nameOf(run));
  return `| program (alarms / suspicions) | ${columns.join(' | ')} |\n|---|${watches.map(() => '---|').join('')}\n${rows.join('\n')}`;
}

const nameOf = ({ modelId, fps, looksBack }: NightRun): string =>
  `${modelId} ${fps}${looksBack ? ', looking back' : ''}`;

/** Returns the runs of each model, rate and way of watching. */
function watchesOf(runs: readonly NightRun[]): [NightRun, ...NightRun[]][] {
  const watches = new Map<string, [NightRun, ...NightRun[]]>();
  for (const run of runs) {
    const known = watches.get(nameOf(run));
    if (known) {
      known.push(run);
    } else {
      watches.set(nameOf(run), [run]);
    }
  }
  return [...watches.values()];
}
