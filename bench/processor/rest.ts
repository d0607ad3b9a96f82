import { availableParallelism } from 'node:os';
import { BareFfmpeg } from '../lib/bare-ffmpeg.ts';
import { BareModel } from '../lib/bare-model.ts';
import type { Bench } from '../lib/bench-result.ts';
import { type BenchSite, benchSite, clipOf, realModel } from '../lib/bench-site.ts';
import { round } from '../lib/numbers.ts';
import { cpuByProcess, cpuSeconds, memoryMb } from '../lib/process-tree.ts';
import type { ProcessorProcess } from '../lib/processor-process.ts';
import { seconds } from '../lib/wait.ts';
import { roomList, withProcessor } from '../lib/with-processor.ts';

const rooms = 8;
const firstRooms = 2;
const settleSeconds = 8;

/**
 * Eight quiet rooms of 1080p25 with a key frame every 2 s, one picture analysed every 10 s: CPU seconds of the whole process
 * tree over those of eight bare key frame decoders and as many bare runs of the model. Both sides run side by side, so that
 * the machine treats them alike.
 */
export const rest: Bench = async ({ quick, say }) => {
  const clip = await clipOf('1080p25-gop50', { size: '1920x1080', fps: 25, seconds: 20, gop: 50 });
  const site = await benchSite({ rooms, clip });
  const bare = roomList(rooms).map(() => new BareFfmpeg({ clip, size: 640 }));
  const model = await BareModel.start({
    modelPath: site.folder.file(`${realModel}.onnx`),
    threads: availableParallelism(),
  });
  const flags = ['--model', realModel, '--max-fps', '0.1', '--streams', roomList(firstRooms).join(',')];
  try {
    return await withProcessor({ folder: site.folder.path, flags }, async (processor) => {
      await processor.watches(roomList(firstRooms));
      const memory = await memoryOfRooms(processor, bare);
      say(`${rooms} rooms are watched; measuring`);
      const figures = await measure({ processor, bare, model, windowSeconds: quick ? 30 : 120 });
      return { bench: 'rest', goal: '≤ 1.25', ratio: figures.ratio, detail: { ...figures, memory, notes: site.notes } };
    });
  } finally {
    await Promise.all([...bare.map((one) => one.stop()), model.stop()]);
    await release(site);
  }
};

const release = (site: BenchSite): Promise<void> => site.folder.remove();

/** What a room more costs, over a bare ffmpeg: measured from the second room to the eighth. */
async function memoryOfRooms(processor: ProcessorProcess, bare: readonly BareFfmpeg[]) {
  await seconds(settleSeconds);
  const before = memoryMb(processor.pid);
  const added = roomList(rooms).slice(firstRooms);
  const commands = added.map((room) => ({ command: 'add_stream', params: { source_id: room } }));
  await processor.command('batch_commands', { commands });
  await processor.watches(roomList(rooms));
  await seconds(settleSeconds);
  const after = memoryMb(processor.pid);
  const floors = bare.map((one) => memoryMb(one.pid));
  const perRoom = (kind: 'resident' | 'proportional'): number => (after[kind] - before[kind]) / added.length;
  const floor = (kind: 'resident' | 'proportional'): number =>
    floors.reduce((sum, one) => sum + one[kind], 0) / floors.length;
  return {
    goal: '≤ 1.3',
    ratio: round(perRoom('resident') / floor('resident')),
    resident_mb: { room: round(perRoom('resident'), 1), ffmpeg: round(floor('resident'), 1) },
    proportional_mb: { room: round(perRoom('proportional'), 1), ffmpeg: round(floor('proportional'), 1) },
  };
}

async function measure(options: {
  readonly processor: ProcessorProcess;
  readonly bare: readonly BareFfmpeg[];
  readonly model: BareModel;
  readonly windowSeconds: number;
}) {
  const { processor, bare, model, windowSeconds } = options;
  const decoding = (): number => bare.reduce((sum, one) => sum + cpuSeconds(one.pid), 0);
  const before = { ours: cpuSeconds(processor.pid), floor: decoding(), results: processor.results.length };
  const parts = cpuByProcess(processor.pid);
  await seconds(windowSeconds);
  const ours = cpuSeconds(processor.pid) - before.ours;
  const decode = decoding() - before.floor;
  const analysed = processor.results.length - before.results;
  const after = cpuByProcess(processor.pid);
  const runs = await model.run({ runs: analysed });
  return {
    ratio: round(ours / (decode + runs.cpuSeconds), 3),
    ours_cpu_seconds: round(ours),
    decode_cpu_seconds: round(decode),
    model_cpu_seconds: round(runs.cpuSeconds),
    analysed,
    window_seconds: windowSeconds,
    parts: byName(parts, after),
  };
}

/** Where our seconds went. */
function byName(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  const sums: Record<string, number> = {};
  let nodes = 0;
  for (const [key, end] of Object.entries(after)) {
    const command = key.split(' ')[0] ?? '';
    // the first Node process is the processor, the second its model host
    const name = command === 'ffmpeg' ? 'ffmpeg' : nodes++ === 0 ? 'processor' : 'model host';
    sums[name] = round((sums[name] ?? 0) + end - (before[key] ?? 0));
  }
  return sums;
}
