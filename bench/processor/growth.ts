import type { Bench } from '../lib/bench-result.ts';
import { benchSite, clipOf } from '../lib/bench-site.ts';
import { round } from '../lib/numbers.ts';
import { cpuSeconds, memoryMb } from '../lib/process-tree.ts';
import { seconds } from '../lib/wait.ts';
import { roomList, withProcessor } from '../lib/with-processor.ts';

const few = 8;
const many = 64;
const settleSeconds = 10;

/** CPU of the whole process tree for each room at 64 small quiet rooms over that at 8: nothing may grow faster than the rooms. */
export const growth: Bench = async ({ quick, say }) => {
  const clip = await clipOf('240p10-gop20', { size: '320x240', fps: 10, seconds: 20, gop: 20 });
  const site = await benchSite({ rooms: many, clip });
  const windowSeconds = quick ? 20 : 60;
  const perRoom = async (count: number) => {
    const flags = [
      '--model',
      'small',
      '--max-fps',
      '0.1',
      '--model-threads',
      '1',
      '--streams',
      roomList(count).join(','),
    ];
    return withProcessor({ folder: site.folder.path, flags }, async (processor) => {
      await processor.watches(roomList(count), 240_000);
      await seconds(settleSeconds);
      say(`${count} rooms are watched; measuring`);
      const before = { tree: cpuSeconds(processor.pid), results: processor.results.length };
      await seconds(windowSeconds);
      const cpu = (cpuSeconds(processor.pid) - before.tree) / count / windowSeconds;
      const results = (processor.results.length - before.results) / count / windowSeconds;
      return { cpu, results, residentMb: memoryMb(processor.pid).resident / count };
    });
  };
  try {
    const at8 = await perRoom(few);
    const at64 = await perRoom(many);
    const told = ({ cpu, results, residentMb }: typeof at8) => ({
      cpu_ms_per_room_second: round(cpu * 1000),
      results_per_room_second: round(results, 3),
      resident_mb_per_room: round(residentMb, 1),
    });
    const detail = { at_8: told(at8), at_64: told(at64), window_seconds: windowSeconds };
    return { bench: 'growth', goal: '≤ 1.2', ratio: round(at64.cpu / at8.cpu, 3), detail };
  } finally {
    await site.folder.remove();
  }
};
