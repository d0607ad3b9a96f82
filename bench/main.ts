/** `main.ts NAME [--quick | --brief]`: runs one benchmark and writes its result as the only line of standard output. */
import { loadavg } from 'node:os';
import type { Bench } from './lib/bench-result.ts';
import { round } from './lib/numbers.ts';

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  rest: async () => (await import('./processor/rest.ts')).rest,
  frame: async () => (await import('./processor/frame.ts')).frame,
  saturated: async () => (await import('./processor/saturated.ts')).saturated,
  growth: async () => (await import('./processor/growth.ts')).growth,
  reconfiguration: async () => (await import('./processor/reconfiguration.ts')).reconfiguration,
  planner: async () => (await import('./planner/planner.ts')).planner,
  push: async () => (await import('./push/push.ts')).push,
  redact: async () => (await import('./redact/redact.ts')).redact,
  alarm: async () => (await import('./page/alarm.ts')).alarm,
  reports: async () => (await import('./reports/reports.ts')).reports,
  scale: async () => (await import('./scale/scale.ts')).scale,
  reallocation: async () => (await import('./reallocation/reallocation.ts')).reallocation,
};

const [name = '', ...flags] = process.argv.slice(2);
const bench = await benches[name]?.();
if (bench === undefined) {
  process.stderr.write(`There is no benchmark "${name}"; there are ${Object.keys(benches).join(', ')}.\n`);
  process.exit(2);
}
const say = (text: string): void => void process.stderr.write(`${name}: ${text}\n`);
const loadBefore = round(loadavg()[0] ?? 0, 1);
const brief = flags.includes('--brief');
const result = await bench({ quick: brief || flags.includes('--quick'), brief, say });
const load = { before: loadBefore, after: round(loadavg()[0] ?? 0, 1) };
process.stdout.write(`${JSON.stringify({ ...result, detail: { ...result.detail, load_average: load } })}\n`);
process.exit(0);
