import { startEmbeddedBroker } from '@vigilia/service/embedded-broker';
import type { Bench } from '../lib/bench-result.ts';
import { benchSite, clipOf } from '../lib/bench-site.ts';
import { median, quantile, round } from '../lib/numbers.ts';
import { ProcessorProcess } from '../lib/processor-process.ts';
import { seconds } from '../lib/wait.ts';
import { roomList } from '../lib/with-processor.ts';
import { type Change, changes, type Flags, house } from './changes.ts';

const { rooms, fps } = house;

/** Gaps by command, ms. */
type Gaps = Record<string, readonly number[]>;

/**
 * How long rooms are without a result when something is changed, by the processor's own measure (`gap_ms`), beside the same
 * change made by ending the process and starting it with other flags. Four rooms at two frames per second: no gap can be
 * shorter than the 500 ms between two results.
 */
export const reconfiguration: Bench = async ({ quick, brief, say }) => {
  const clip = await clipOf('240p10-gop5', { size: '320x240', fps: 10, seconds: 20, gop: 5 });
  const site = await benchSite({ rooms: rooms + 1, clip });
  const broker = await startEmbeddedBroker();
  const { path: folder } = site.folder;
  const always = ['--model-threads', '1', '--clip-clock', String(Date.now())];
  const start = (flags: Flags): Promise<ProcessorProcess> => {
    const all: Flags = { model: 'small', 'max-fps': fps, decode: 'full', streams: roomList(rooms).join(','), ...flags };
    const words = Object.entries(all).flatMap(([name, value]) => [`--${name}`, String(value)]);
    return ProcessorProcess.start({ url: broker.url, folder, flags: [...always, ...words] });
  };
  try {
    const hot = await hotGaps({ start, folder, repeats: brief ? 1 : quick ? 2 : 8, pauseSeconds: brief ? 0 : 1, say });
    const coldOf = brief ? changes.slice(0, 1) : quick ? changes.slice(0, 3) : changes;
    const cold = await coldGaps({ start, changes: coldOf, say });
    return {
      bench: 'reconfiguration',
      goal: '≤ 0.5',
      ratio: round(median(Object.values(hot).flat()) / median(Object.values(cold).flat()), 3),
      detail: { interval_ms: 1000 / fps, gap_ms: byCommand(hot), stop_and_start_ms: byCommand(cold) },
    };
  } finally {
    await broker.stop();
    await site.folder.remove();
  }
};

interface Rounds {
  readonly start: (flags: Flags) => Promise<ProcessorProcess>;
  readonly say: (text: string) => void;
}

async function hotGaps(
  options: Rounds & { readonly folder: string; readonly repeats: number; readonly pauseSeconds: number },
): Promise<Gaps> {
  const processor = await options.start({});
  const gaps: Record<string, number[]> = {};
  try {
    await processor.watches(roomList(rooms));
    for (const change of changes) {
      options.say(change.command);
      const told: number[] = [];
      for (let round = 0; round < options.repeats; round++) {
        await seconds(options.pauseSeconds);
        told.push(...(await gapsOf(processor, change, round, options.folder)));
      }
      gaps[change.command] = told;
    }
  } finally {
    await processor.stop();
  }
  return gaps;
}

/** A room that had no result within the limit has an infinite gap. */
async function gapsOf(processor: ProcessorProcess, change: Change, round: number, folder: string): Promise<number[]> {
  const { command, params, undo } = change;
  const ack = await processor.command(command, params(undo !== undefined || round % 2 === 0, folder));
  if (undo !== undefined) {
    await processor.command(undo.command, undo.params);
  }
  const told = (ack.result?.gap_ms ?? {}) as Record<string, number | null>;
  return Object.values(told).map((ms) => ms ?? Number.POSITIVE_INFINITY);
}

/** From each room's last result of the old process to its first of the one with other flags, there and back. */
async function coldGaps({ start, say, ...options }: Rounds & { readonly changes: readonly Change[] }): Promise<Gaps> {
  const gaps: Record<string, number[]> = {};
  let processor = await start({});
  try {
    await processor.watches(roomList(rooms));
    for (const { command, flags } of options.changes) {
      if (flags === undefined) continue;
      say(`stop and start instead of ${command}`);
      const told: number[] = [];
      for (const even of [true, false]) {
        await seconds(1);
        await processor.stop();
        const old = processor;
        processor = await start(flags(even));
        await processor.watches(roomList(rooms));
        told.push(...roomList(rooms).map((room) => gapBetween(old, processor, room)));
      }
      gaps[command] = told;
    }
  } finally {
    await processor.stop();
  }
  return gaps;
}

function gapBetween(old: ProcessorProcess, fresh: ProcessorProcess, room: number): number {
  const before = old.results.findLast((result) => result.room === room)?.atMs ?? 0;
  const after = fresh.results.find((result) => result.room === room)?.atMs ?? 0;
  return after - before;
}

const byCommand = (gaps: Gaps) =>
  Object.fromEntries(Object.entries(gaps).map(([command, values]) => [command, spread(values)]));

const spread = (gaps: readonly number[]) => ({
  median: round(median(gaps), 0),
  p95: round(quantile(gaps, 0.95), 0),
  worst: round(Math.max(...gaps), 0),
  count: gaps.length,
});
