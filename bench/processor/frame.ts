import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createLoadModel, type Frame, findFfmpeg, type ModelHost } from '@vigilia/processor';
import { systemClock } from '@vigilia/service';
import { repoRoot, silentLogger, testData } from '@vigilia/testing';
import { calibrationOf, chooseInputSize, createRoomVision, type InputSize, letterboxFilter } from '@vigilia/vision';
import { BareModel } from '../lib/bare-model.ts';
import type { Bench } from '../lib/bench-result.ts';
import { median, round } from '../lib/numbers.ts';
import { cpuSeconds } from '../lib/process-tree.ts';

const embeddedModel = 'movenet';
const clip = testData('rooms', 'room-story.mp4');
const source = { width: 640, height: 360 };
/** Distinct frames of the clip, with people up, on the floor and helped up. */
const distinctFrames = 64;
const intervalMs = 1000;

/**
 * One frame of the embedded model in the product (preparing the input, the model's process, decoding, the fall decision) over a bare
 * `session.run` of the same size, in CPU seconds of all processes. Decoding the video is not part of it. Ours and bare take turns,
 * each round over the bare runs before and after it, as what a machine gives changes within seconds; the median of the rounds.
 */
export const frame: Bench = async ({ quick, brief, say }) => {
  const size = chooseInputSize({ frameSize: source, standingHeight: undefined });
  const frames = readFrames(size);
  const modelsDir = join(repoRoot, '.cache/vigilia/models');
  const load = createLoadModel({ modelsDir, clock: systemClock, logger: silentLogger(), threads: 1 });
  const host = await load(embeddedModel, new AbortController().signal);
  const bare = await BareModel.start({ modelPath: join(modelsDir, `${embeddedModel}.onnx`), threads: 1, size });
  const count = brief ? 10 : quick ? 50 : 150;
  const bareMs = async (): Promise<number> => {
    const { runs, cpuSeconds: seconds } = await bare.run({ runs: count });
    return (seconds / runs) * 1000;
  };
  const rounds: { readonly ours: number; readonly bare: number; readonly decision: number }[] = [];
  try {
    await oursMs(host, frames, 10);
    for (let number = 1; number <= (brief ? 1 : 7); number++) {
      const before = await bareMs();
      const ours = await oursMs(host, frames, count);
      rounds.push({ ...ours, bare: (before + (await bareMs())) / 2 });
      const last = rounds.at(-1);
      say(`round ${number}: ${last?.ours.toFixed(2)} ms per frame, bare ${last?.bare.toFixed(2)} ms`);
    }
  } finally {
    await bare.stop();
    await host.stop();
  }
  const ratios = rounds.map((one) => one.ours / one.bare);
  return {
    bench: 'frame',
    goal: '≤ 1.1',
    ratio: round(median(ratios), 3),
    detail: {
      model: embeddedModel,
      input: `${size.width}×${size.height}`,
      ours_cpu_ms: round(median(rounds.map(({ ours }) => ours))),
      bare_cpu_ms: round(median(rounds.map((one) => one.bare))),
      decision_cpu_ms: round(median(rounds.map(({ decision }) => decision)), 3),
      frames_per_round: count,
      rounds: ratios.map((ratio) => round(ratio, 3)),
      spread: [round(Math.min(...ratios), 3), round(Math.max(...ratios), 3)],
    },
  };
};

/** CPU milliseconds per frame of this process and the model's, and of the decision alone. */
async function oursMs(host: ModelHost, frames: readonly Uint8Array[], count: number) {
  const vision = createRoomVision({ zones: [] });
  const { calibration } = calibrationOf(embeddedModel, undefined);
  let state = vision.empty();
  const { width, height } = chooseInputSize({ frameSize: source, standingHeight: undefined });
  const { pid = 0 } = host.stats;
  const before = { host: cpuSeconds(pid), own: process.cpuUsage() };
  let decisionMs = 0;
  for (let number = 0; number < count; number++) {
    const data = frames[number % frames.length] as Uint8Array;
    const atMs = number * intervalMs;
    const picture: Frame = {
      sourceId: 1,
      data,
      width,
      height,
      displayed: source,
      sequence: number,
      wallMs: atMs,
      monotonicMs: atMs,
    };
    const { detections } = await host.infer(picture, {
      confidence: calibration.continueConfidence,
    });
    const began = performance.now();
    [state] = vision.observe(state, { atMs, detections, width: source.width, height: source.height, calibration });
    decisionMs += performance.now() - began;
  }
  const own = process.cpuUsage(before.own);
  const seconds = cpuSeconds(pid) - before.host + (own.user + own.system) / 1e6;
  return { ours: (seconds / count) * 1000, decision: decisionMs / count };
}

function readFrames({ width, height }: InputSize): Uint8Array[] {
  const filter = `fps=1,${letterboxFilter(width, height)}`;
  const output = ['-frames:v', String(distinctFrames), '-pix_fmt', 'rgb24', '-f', 'rawvideo', 'pipe:1'];
  const bytes = width * height * 3;
  const data = execFileSync(findFfmpeg(), ['-v', 'error', '-i', clip, '-vf', filter, ...output], {
    maxBuffer: bytes * (distinctFrames + 1),
  });
  return Array.from({ length: Math.floor(data.length / bytes) }, (_, index) =>
    data.subarray(index * bytes, (index + 1) * bytes),
  );
}
