import type { Bench } from '../lib/bench-result.ts';
import { type BenchSite, benchSite, clipOf } from '../lib/bench-site.ts';
import { round } from '../lib/numbers.ts';
import { cpuSeconds, memoryMb } from '../lib/process-tree.ts';
import type { SeenResult } from '../lib/processor-process.ts';
import { seconds } from '../lib/wait.ts';
import { roomList, withProcessor } from '../lib/with-processor.ts';

interface Sizes {
  readonly few: number;
  readonly many: number;
  readonly fps: number;
  readonly settleSeconds: number;
  readonly windowSeconds: number;
}

const full: Sizes = { few: 8, many: 64, fps: 0.1, settleSeconds: 10, windowSeconds: 60 };
const quickly: Sizes = { ...full, windowSeconds: 30 };
const briefly: Sizes = { few: 2, many: 6, fps: 1, settleSeconds: 1, windowSeconds: 6 };

/**
 * CPU of the whole process tree for each room at 64 small quiet rooms over that at 8: nothing may grow faster than the rooms.
 * The rooms must have been looked at equally often, or the figure would praise what was left out.
 */
export const growth: Bench = async ({ quick, brief, say }) => {
  const sizes = brief ? briefly : quick ? quickly : full;
  const clip = await clipOf('240p10-gop20', { size: '320x240', fps: 10, seconds: 20, gop: 20 });
  const site = await benchSite({ rooms: sizes.many, clip });
  try {
    const few = await perRoom({ site, sizes, count: sizes.few, say });
    const many = await perRoom({ site, sizes, count: sizes.many, say });
    const detail = {
      [`at_${sizes.few}`]: told(few),
      [`at_${sizes.many}`]: told(many),
      window_seconds: sizes.windowSeconds,
    };
    const rates = { bench: 'growth: results of a room', goal: '≥ 0.95', ratio: round(many.rate / few.rate, 3) };
    return { bench: 'growth', goal: '≤ 1.2', ratio: round(many.cpu / few.cpu, 3), more: [rates], detail };
  } finally {
    await site.folder.remove();
  }
};

interface PerRoom {
  /** CPU seconds a second. */
  readonly cpu: number;
  /** Results a second. */
  readonly rate: number;
  readonly residentMb: number;
}

const told = ({ cpu, rate, residentMb }: PerRoom) => ({
  cpu_ms_per_room_second: round(cpu * 1000),
  results_per_room_second: round(rate, 4),
  resident_mb_per_room: round(residentMb, 1),
});

async function perRoom(options: {
  readonly site: BenchSite;
  readonly sizes: Sizes;
  readonly count: number;
  readonly say: (text: string) => void;
}): Promise<PerRoom> {
  const { site, count, say } = options;
  const { fps, settleSeconds, windowSeconds } = options.sizes;
  const rooms = roomList(count);
  const rate = ['--model', 'small', '--max-fps', String(fps), '--model-threads', '1'];
  const flags = [...rate, '--streams', rooms.join(',')];
  return withProcessor({ folder: site.folder.path, flags }, async (processor) => {
    await processor.watches(rooms, { timeoutMs: 240_000 });
    await seconds(settleSeconds);
    say(`${count} rooms are watched; measuring`);
    const before = { cpu: cpuSeconds(processor.pid), results: processor.results.length };
    const began = performance.now();
    // a rate needs two results of each room, however little of the machine there is
    await Promise.all([seconds(windowSeconds), processor.watches(rooms, { results: 2, timeoutMs: 240_000 })]);
    const tookSeconds = (performance.now() - began) / 1000;
    return {
      cpu: (cpuSeconds(processor.pid) - before.cpu) / count / tookSeconds,
      rate: meanRate(rooms, processor.results.slice(before.results)),
      residentMb: memoryMb(processor.pid).resident / count,
    };
  });
}

/** Mean over the rooms, each with two results or more, from its first to its last: where the window cuts the intervals plays no part. */
function meanRate(rooms: readonly number[], results: readonly SeenResult[]): number {
  const rates = rooms.map((room) => {
    const times = results.filter((result) => result.room === room).map(({ atMs }) => atMs);
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    return ((times.length - 1) / (last - first)) * 1000;
  });
  return rates.reduce((sum, rate) => sum + rate, 0) / rooms.length;
}
