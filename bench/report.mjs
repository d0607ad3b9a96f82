import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { figuresOf, keepsGoal } from './run-bench.mjs';

const gigabyte = 1024 ** 3;

/**
 * The report of a run of all benchmarks.
 * @param {readonly import('./run-bench.mjs').Result[]} results
 * @param {{quick: boolean, at: Date}} run
 */
export function markdownReport(results, { quick, at }) {
  const rows = results.flatMap((result) =>
    figuresOf(result).map(
      (figure) =>
        `| ${figure.bench} | ${figure.ratio ?? '—'} | ${figure.goal} | ${verdict(figure)} | ${load(result)} |`,
    ),
  );
  const details = results.map(
    ({ bench, detail }) => `## ${bench}\n\n\`\`\`json\n${JSON.stringify(detail, null, 2)}\n\`\`\`\n`,
  );
  return [
    `# Benchmarks, ${at.toISOString().slice(0, 16).replace('T', ' ')} UTC${quick ? ' (quick)' : ''}\n`,
    `${machine()}. Each figure is a ratio of two measurements of the same run; where the load average is far above the`,
    'number of cores others were using the machine, and figures that depend on the clock are rough.\n',
    '| benchmark | ratio | goal | kept | load average before, after |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    ...details,
  ].join('\n');
}

/** @param {import('./run-bench.mjs').Figure} figure */
const verdict = (figure) => (figure.goal === 'none' ? '' : keepsGoal(figure) ? 'yes' : '**no**');

/** @param {import('./run-bench.mjs').Result} result */
function load({ detail }) {
  const average = detail.load_average;
  return average === undefined ? '' : `${average.before}, ${average.after}`;
}

function machine() {
  const [cpu] = cpus();
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const memory = Math.round(totalmem() / gigabyte);
  return `${cpus().length} × ${cpu?.model.trim()}, ${memory} GB, Node.js ${process.versions.node}, commit ${commit}`;
}
