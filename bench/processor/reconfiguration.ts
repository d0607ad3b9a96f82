import { startEmbeddedBroker } from '@vigilia/service/embedded-broker';
import type { Bench } from '../lib/bench-result.ts';
import { benchSite, clipOf } from '../lib/bench-site.ts';
import { median, quantile, round } from '../lib/numbers.ts';
import { ProcessorProcess } from '../lib/processor-process.ts';
import { seconds } from '../lib/wait.ts';
import { roomList } from '../lib/with-processor.ts';

const rooms = 4;
const fps = 2;

/** A change, there and back: every other round undoes the one before. */
interface Change {
  readonly command: string;
  readonly params: (even: boolean, folder: string) => object;
}

const changes: readonly Change[] = [
  { command: 'set_fps', params: (even) => ({ max_fps: even ? 2.5 : fps }) },
  { command: 'set_confidence', params: (even) => ({ confidence: even ? 0.4 : 0.25 }) },
  { command: 'enable_tracking', params: (even) => ({ enabled: !even }) },
  { command: 'change_model', params: (even) => ({ model_id: even ? 'other' : 'small' }) },
  { command: 'set_decode', params: (even) => ({ mode: even ? 'keyframes' : 'full' }) },
  {
    command: 'change_stream_uri',
    params: (even, folder) => ({ source_id: 1, uri: `file://${folder}/${even ? rooms : 1}.mp4` }),
  },
  { command: 'restart', params: () => ({}) },
];

/**
 * How long rooms are without a result when something is changed, by the processor's own measure (`gap_ms`), beside the same
 * change made by ending the process and starting it with other flags. Four rooms at two pictures a second: no gap can be
 * shorter than the 500 ms between two results.
 */
export const reconfiguration: Bench = async ({ quick, say }) => {
  const clip = await clipOf('240p10-gop5', { size: '320x240', fps: 10, seconds: 20, gop: 5 });
  const site = await benchSite({ rooms: rooms + 1, clip });
  const broker = await startEmbeddedBroker();
  const clock = String(Date.now());
  const flags = ['--model', 'small', '--max-fps', String(fps), '--model-threads', '1', '--clip-clock', clock];
  const start = (): Promise<ProcessorProcess> => {
    const streams = ['--streams', roomList(rooms).join(','), '--decode', 'full'];
    return ProcessorProcess.start({ url: broker.url, folder: site.folder.path, flags: [...flags, ...streams] });
  };
  try {
    const hot = await hotGaps({ start, folder: site.folder.path, repeats: quick ? 2 : 10, say });
    const cold = await coldGaps({ start, repeats: quick ? 2 : 8, say });
    const all = Object.values(hot).flat();
    const detail = {
      interval_ms: 1000 / fps,
      gap_ms: Object.fromEntries(Object.entries(hot).map(([command, gaps]) => [command, spread(gaps)])),
      stop_and_start_ms: spread(cold),
    };
    return { bench: 'reconfiguration', goal: '≤ 0.5', ratio: round(median(all) / median(cold), 3), detail };
  } finally {
    await broker.stop();
    await site.folder.remove();
  }
};

interface Rounds {
  readonly start: () => Promise<ProcessorProcess>;
  readonly repeats: number;
  readonly say: (text: string) => void;
}

async function hotGaps({ start, repeats, say, folder }: Rounds & { readonly folder: string }) {
  const processor = await start();
  const gaps: Record<string, number[]> = {};
  try {
    await processor.watches(roomList(rooms));
    for (const { command, params } of changes) {
      say(command);
      for (let round = 0; round < repeats; round++) {
        await seconds(1);
        const ack = await processor.command(command, params(round % 2 === 0, folder));
        const told = (ack.result?.gap_ms ?? {}) as Record<string, number | null>;
        gaps[command] = [...(gaps[command] ?? []), ...Object.values(told).map((ms) => ms ?? Number.POSITIVE_INFINITY)];
      }
    }
  } finally {
    await processor.stop();
  }
  return gaps;
}

/** From each room's last result of the old process to its first of the new one. */
async function coldGaps({ start, repeats, say }: Rounds): Promise<number[]> {
  const gaps: number[] = [];
  let processor = await start();
  try {
    await processor.watches(roomList(rooms));
    for (let round = 0; round < repeats; round++) {
      say('stop and start');
      await seconds(1);
      await processor.stop();
      const old = processor;
      processor = await start();
      await processor.watches(roomList(rooms));
      for (const room of roomList(rooms)) {
        const before = old.results.findLast((result) => result.room === room)?.atMs ?? 0;
        const after = processor.results.find((result) => result.room === room)?.atMs ?? 0;
        gaps.push(after - before);
      }
    }
  } finally {
    await processor.stop();
  }
  return gaps;
}

const spread = (gaps: readonly number[]) => ({
  median: round(median(gaps), 0),
  p95: round(quantile(gaps, 0.95), 0),
  worst: round(Math.max(...gaps), 0),
  count: gaps.length,
});
