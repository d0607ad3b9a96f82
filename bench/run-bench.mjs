import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const loader = join(root, 'packages', 'testing', 'typescript-loader.mjs');

/** Of bench/main.ts. */
const measured = [
  'rest',
  'frame',
  'saturated',
  'growth',
  'reconfiguration',
  'planner',
  'push',
  'redact',
  'alarm',
  'reports',
  'reallocation',
  'scale',
];

export const benchNames = [...measured, 'sink', 'falls'];

/**
 * A ratio of two measurements of one run; null: it could not be taken.
 * @typedef {{ bench: string, ratio: number | null, goal: string, kept?: boolean }} Figure
 */
/** @typedef {Figure & { more?: readonly Figure[], detail: Record<string, any> }} Result */

/**
 * Runs one benchmark in a process of its own; its standard error passes through.
 * @param {string} name
 * @param {{ quick: boolean, brief?: boolean }} options `brief`: as short as can be, only to see that it can be run
 * @returns {Promise<Result>}
 */
export async function runBench(name, { quick, brief = false }) {
  if (name === 'sink') return sinkResult(await jsonLines(['bench/sink/run.mjs', ...(quick ? ['quick'] : [])]));
  if (name === 'falls')
    return fallsResult(await jsonLines(['bench/falls/run.mjs', '--json', ...(quick ? quickFalls : [])]));
  const program = ['--conditions=@vigilia/source', '--import', loader, 'bench/main.ts', name];
  const [result] = (await jsonLines([...program, ...(brief ? ['--brief'] : quick ? ['--quick'] : [])])).slice(-1);
  return result ?? failed(name);
}

/**
 * Every figure of a result that has a goal of its own.
 * @param {Result} result
 * @returns {readonly Figure[]}
 */
export function figuresOf(result) {
  return [result, ...(result.more ?? [])];
}

/**
 * Whether a figure keeps its goal, and every bound of its own where it has more; true where there is none.
 * @param {Pick<Figure, 'ratio' | 'goal' | 'kept'>} figure
 */
export function keepsGoal({ ratio, goal, kept = true }) {
  if (!kept) return false;
  const [sign, bound] = goal.split(' ');
  if (sign === '≤') return ratio !== null && ratio <= Number(bound);
  if (sign === '≥') return ratio !== null && ratio >= Number(bound);
  return true;
}

const quickFalls = ['--split', 'cross', '--rate', '1', '--model', 'movenet'];

/**
 * The share of falls that were found; what it should be is the evaluation's own subject (docs/fall-evaluation.md).
 * @param {any[]} lines
 * @returns {Result}
 */
function fallsResult(lines) {
  const last = lines.at(-1);
  if (last === undefined) return failed('falls');
  return { bench: 'falls', ratio: Math.round((last.found / last.falls) * 1000) / 1000, goal: 'none', detail: last };
}

/**
 * The ratio of draining stands for the sink; the last line has its verdict on every bound. Without it the benchmark ended early.
 * @param {readonly any[]} lines
 * @returns {Result}
 */
export function sinkResult(lines) {
  const drain = lines.find(({ bench }) => bench === 'drain over bare client.bulk');
  const bounds = lines.find(({ bench }) => bench === 'bounds kept');
  if (drain === undefined || bounds === undefined) return failed('sink');
  const detail = Object.fromEntries(lines.map(({ bench, ...rest }) => [bench, rest]));
  const kept = Object.values(detail['bounds kept']).every((bound) => bound === true);
  return { bench: 'sink', ratio: drain.ratio, goal: '≥ 0.8', kept, detail };
}

/**
 * @param {string} bench
 * @returns {Result}
 */
const failed = (bench) => ({ bench, ratio: null, goal: '≤ 0', detail: { failed: 'it ended without a result' } });

/**
 * Runs Node with these arguments; its lines of standard output that are JSON objects.
 * @param {readonly string[]} args
 * @returns {Promise<any[]>}
 */
function jsonLines(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    child.once('error', reject);
    child.once('close', () => resolve(text.split('\n').flatMap(parse)));
  });
}

/**
 * @param {string} line
 * @returns {any[]}
 */
function parse(line) {
  if (!line.startsWith('{')) return [];
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
