import { availableParallelism } from 'node:os';
import { eventually } from '@vigilia/testing';
import { BareModel } from '../lib/bare-model.ts';
import type { Bench } from '../lib/bench-result.ts';
import { type BenchSite, benchSite, clipOf, realModel } from '../lib/bench-site.ts';
import { median, round } from '../lib/numbers.ts';
import { type ProcessorProcess, warmAfter } from '../lib/processor-process.ts';
import { seconds } from '../lib/wait.ts';
import { roomList, withProcessor } from '../lib/with-processor.ts';

const rooms = 4;
const leastResults = 5;

/**
 * More pictures than the model can take, of small cameras: results a second over a bare loop of `session.run`, one core left
 * to everything else on both sides. Turn by turn with the processor ended in between, each round over the bare
 * runs right before and after it, as what a machine gives changes within seconds; the median of the rounds. The rooms are warm
 * when a round begins (`warmAfter`).
 */
export const saturated: Bench = async ({ quick, brief, say }) => {
  const clip = await clipOf('240p10-gop20', { size: '320x240', fps: 10, seconds: 20, gop: 20 });
  const site = await benchSite({ rooms, clip });
  const threads = Math.max(1, availableParallelism() - 1);
  const model = await BareModel.start({ modelPath: site.folder.file(`${realModel}.onnx`), threads });
  const windowSeconds = brief ? 3 : quick ? 5 : 12;
  const count = brief ? 1 : quick ? 2 : 7;
  const bareRate = async (): Promise<number> => {
    const { runs, wallSeconds } = await model.run({ seconds: windowSeconds / 2 });
    return runs / wallSeconds;
  };
  const rounds: { ours: number; bare: number; insideMs: number; latencyMs: number }[] = [];
  try {
    for (let round = 0; round < count; round++) {
      const before = await bareRate();
      const ours = await ourRound(site, threads, windowSeconds);
      rounds.push({ ...ours, bare: (before + (await bareRate())) / 2 });
      say(`round ${round + 1}: ${ours.ours.toFixed(2)} results a second, bare ${rounds.at(-1)?.bare.toFixed(2)}`);
    }
  } finally {
    await model.stop();
    await site.folder.remove();
  }
  return {
    bench: 'saturated',
    goal: '≥ 0.93',
    ...summary(rounds),
    detail: { ...summary(rounds).detail, threads, rooms },
  };
};

async function ourRound(site: BenchSite, threads: number, windowSeconds: number) {
  const flags = ['--model', realModel, '--max-fps', '10', '--decode', 'full', '--model-threads', String(threads)];
  const streams = ['--streams', roomList(rooms).join(',')];
  return withProcessor({ folder: site.folder.path, flags: [...flags, ...streams] }, async (processor) => {
    await processor.watches(roomList(rooms), { results: warmAfter });
    return measure(processor, windowSeconds);
  });
}

/** Between two results, so that no part of one is counted; a window with hardly any is waited out. */
async function measure(processor: ProcessorProcess, windowSeconds: number) {
  const from = processor.results.length - 1;
  await seconds(windowSeconds);
  const enough = (): void => {
    if (processor.results.length <= from + leastResults)
      throw new Error(`only ${processor.results.length - from} results`);
  };
  await eventually(enough, { timeoutMs: 60_000 });
  const seen = processor.results.slice(from);
  const took = ((seen.at(-1)?.atMs ?? 0) - (seen[0]?.atMs ?? 0)) / 1000;
  return {
    ours: (seen.length - 1) / took,
    insideMs: median(seen.map(({ message }) => message.inference_time_ms)),
    latencyMs: median(seen.map(({ message }) => message.latency_ms)),
  };
}

function summary(rounds: readonly { ours: number; bare: number; insideMs: number; latencyMs: number }[]) {
  const of = (pick: (one: (typeof rounds)[number]) => number): number => median(rounds.map(pick));
  return {
    ratio: round(
      of(({ ours, bare }) => ours / bare),
      3,
    ),
    detail: {
      results_per_second: round(of(({ ours }) => ours)),
      bare_runs_per_second: round(of(({ bare }) => bare)),
      rounds: rounds.map(({ ours, bare }) => round(ours / bare, 3)),
      inside_model_ms: round(of(({ insideMs }) => insideMs)),
      latency_ms: round(of(({ latencyMs }) => latencyMs)),
    } as Record<string, unknown>,
  };
}
