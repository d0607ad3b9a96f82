import { availableParallelism } from 'node:os';
import { BareFfmpeg } from '../lib/bare-ffmpeg.ts';
import { BareModel } from '../lib/bare-model.ts';
import type { Bench, BenchFigure } from '../lib/bench-result.ts';
import { benchSite, clipOf, realModel } from '../lib/bench-site.ts';
import { round } from '../lib/numbers.ts';
import { cpuByProcess, cpuSeconds, memoryMb } from '../lib/process-tree.ts';
import { type ProcessorProcess, warmAfter } from '../lib/processor-process.ts';
import { seconds } from '../lib/wait.ts';
import { roomList, withProcessor } from '../lib/with-processor.ts';

interface Sizes {
  readonly rooms: number;
  /** Watched from the beginning; the others come later, to see what memory a room takes. */
  readonly firstRooms: number;
  readonly fps: number;
  readonly clip: Promise<string>;
  readonly settleSeconds: number;
  /** Of each room before it is measured. */
  readonly results: number;
  readonly windowSeconds: number;
}

function sizesOf({ quick, brief }: { readonly quick: boolean; readonly brief: boolean }): Sizes {
  if (brief) {
    const clip = clipOf('240p10-gop5', { size: '320x240', fps: 10, seconds: 20, gop: 5 });
    return { rooms: 3, firstRooms: 1, fps: 1, clip, settleSeconds: 1, results: 1, windowSeconds: 5 };
  }
  const clip = clipOf('1080p25-gop50', { size: '1920x1080', fps: 25, seconds: 20, gop: 50 });
  return {
    rooms: 8,
    firstRooms: 2,
    fps: 0.1,
    clip,
    settleSeconds: 8,
    results: warmAfter,
    windowSeconds: quick ? 30 : 120,
  };
}

/**
 * Eight quiet rooms of 1080p25 with a key frame every 2 s, one picture analysed every 10 s: CPU seconds of the whole process
 * tree over those of eight bare key frame decoders and as many bare runs of the model, once the rooms are warm (`warmAfter`). Both sides run side by side, so that
 * the machine treats them alike.
 */
export const rest: Bench = async ({ say, ...length }) => {
  const sizes = sizesOf(length);
  const { rooms, firstRooms, windowSeconds } = sizes;
  const clip = await sizes.clip;
  const site = await benchSite({ rooms, clip });
  const bare = roomList(rooms).map(() => new BareFfmpeg({ clip, size: 640 }));
  const model = await BareModel.start({
    modelPath: site.folder.file(`${realModel}.onnx`),
    threads: availableParallelism(),
  });
  const flags = ['--model', realModel, '--max-fps', String(sizes.fps), '--streams', roomList(firstRooms).join(',')];
  try {
    return await withProcessor({ folder: site.folder.path, flags }, async (processor) => {
      await processor.watches(roomList(firstRooms));
      const { memory, megabytes } = await memoryOfRooms(processor, bare, sizes);
      await processor.watches(roomList(rooms), { results: sizes.results });
      say(`${rooms} rooms are watched; measuring`);
      const { ratio, ...figures } = await measure({ processor, bare, model, rooms, windowSeconds });
      const detail = { ...figures, memory: megabytes, notes: site.notes };
      return { bench: 'rest', goal: '≤ 1.25', ratio, more: [memory], detail };
    });
  } finally {
    await Promise.all([...bare.map((one) => one.stop()), model.stop()]);
    await site.folder.remove();
  }
};

/** What a room more costs, over a bare ffmpeg: measured from the second room to the eighth. */
async function memoryOfRooms(processor: ProcessorProcess, bare: readonly BareFfmpeg[], sizes: Sizes) {
  const { rooms, firstRooms, settleSeconds } = sizes;
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
  const ratio = round(perRoom('resident') / floor('resident'));
  const memory: BenchFigure = { bench: 'rest: memory of a room', goal: '≤ 1.3', ratio };
  const megabytes = {
    resident_mb: { room: round(perRoom('resident'), 1), ffmpeg: round(floor('resident'), 1) },
    proportional_mb: { room: round(perRoom('proportional'), 1), ffmpeg: round(floor('proportional'), 1) },
  };
  return { memory, megabytes };
}

async function measure(options: {
  readonly processor: ProcessorProcess;
  readonly bare: readonly BareFfmpeg[];
  readonly model: BareModel;
  readonly rooms: number;
  readonly windowSeconds: number;
}) {
  const { processor, bare, model, rooms, windowSeconds } = options;
  const decoding = (): number => bare.reduce((sum, one) => sum + cpuSeconds(one.pid), 0);
  const before = { ours: cpuSeconds(processor.pid), floor: decoding(), results: processor.results.length };
  const parts = cpuByProcess(processor.pid);
  await Promise.all([seconds(windowSeconds), processor.watches(roomList(rooms))]);
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
