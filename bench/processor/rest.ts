import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { BareFfmpeg } from '../lib/bare-ffmpeg.ts';
import { BareModel } from '../lib/bare-model.ts';
import type { Bench, BenchFigure } from '../lib/bench-result.ts';
import { benchSite, cameraVideo, codedVideoOf, realModel } from '../lib/bench-site.ts';
import { CameraProcess } from '../lib/camera-process.ts';
import { median, round } from '../lib/numbers.ts';
import { cpuByProcess, cpuSeconds, memoryMb } from '../lib/process-tree.ts';
import { type ProcessorProcess, warmAfter } from '../lib/processor-process.ts';
import { seconds } from '../lib/wait.ts';
import { roomList, withProcessor } from '../lib/with-processor.ts';

interface Sizes {
  readonly rooms: number;
  /** Watched from the beginning; the others come later, to see what memory a room takes. */
  readonly firstRooms: number;
  readonly fps: number;
  /** Bare decoders, and bare receivers, that run beside: each stands for several rooms, so that the machine is not overloaded. */
  readonly bare: number;
  readonly video: Promise<string>;
  readonly videoFps: number;
  readonly videoSeconds: number;
  /** Between keyframes of the video. */
  readonly keyframeSeconds: number;
  /** `--keep-packets`. */
  readonly keptSeconds: number;
  readonly settleSeconds: number;
  /** Of each room before it is measured. */
  readonly results: number;
  /** Several windows in one run: the ratios' median and spread are reported. */
  readonly windows: number;
  readonly windowSeconds: number;
}

function sizesOf({ quick, brief }: { readonly quick: boolean; readonly brief: boolean }): Sizes {
  if (brief) {
    const encoder = 'keyint=5:min-keyint=5:bframes=0';
    const video = codedVideoOf('240p10-gop5.h264', { size: '320x240', fps: 10, seconds: 20, encoder });
    return {
      rooms: 3,
      firstRooms: 1,
      fps: 1,
      bare: 1,
      video,
      videoFps: 10,
      videoSeconds: 20,
      keyframeSeconds: 0.5,
      keptSeconds: 1,
      settleSeconds: 1,
      results: 1,
      windows: 1,
      windowSeconds: 5,
    };
  }
  return {
    rooms: 8,
    firstRooms: 2,
    fps: 0.1,
    bare: 2,
    video: cameraVideo(),
    videoFps: 25,
    videoSeconds: 20,
    keyframeSeconds: 1,
    keptSeconds: 45,
    settleSeconds: 50,
    results: warmAfter,
    windows: quick ? 3 : 5,
    windowSeconds: 30,
  };
}

/**
 * Eight quiet RTSP cameras of 1080p25 with a keyframe per second, one frame analysed every 10 s: CPU seconds of the whole process
 * tree over two floors, once the rooms are warm (`warmAfter`). One is the cost of decoding every keyframe: bare decoders and as many bare
 * runs of the model. The other is the least that is possible: bare receivers, the keyframes that were analysed, and
 * the model. All run side by side, so that the machine treats them alike.
 */
export const rest: Bench = async ({ say, ...length }) => {
  const sizes = sizesOf(length);
  const { rooms, firstRooms } = sizes;
  const video = await sizes.video;
  const site = await benchSite({ rooms: 0, clip: video });
  const cameras = await CameraProcess.start({ video, fps: sizes.videoFps });
  const urlOf = (room: number): string => `${cameras.url}/${room}`;
  const decoders = roomList(sizes.bare).map((room) => new BareFfmpeg({ url: urlOf(room), work: { decodeTo: 640 } }));
  const receivers = roomList(sizes.bare).map((room) => new BareFfmpeg({ url: urlOf(room), work: 'copy' }));
  const model = await BareModel.start({
    modelPath: site.folder.file(`${realModel}.onnx`),
    threads: availableParallelism(),
  });
  const flags = [
    ...['--model', realModel, '--max-fps', String(sizes.fps), '--streams', roomList(firstRooms).join(',')],
    ...['--stream-server', cameras.url, '--keep-packets', String(sizes.keptSeconds)],
  ];
  try {
    return await withProcessor({ folder: site.folder.path, flags }, async (processor) => {
      await processor.watches(roomList(firstRooms));
      const { memory, megabytes } = await memoryOfRooms(processor, sizes);
      await processor.watches(roomList(rooms), { results: sizes.results });
      say(`${rooms} rooms are watched; measuring`);
      const windows: Window[] = [];
      for (let index = 0; index < sizes.windows; index++) {
        windows.push(await measure({ processor, decoders, receivers, model, sizes }));
      }
      const decodingAll = windows.map(({ ratioToDecodingAll }) => ratioToDecodingAll);
      const least = windows.map(({ ratioToLeast }) => ratioToLeast);
      const detail = {
        spread_decoding_all: [Math.min(...decodingAll), Math.max(...decodingAll)],
        spread_least: [Math.min(...least), Math.max(...least)],
        windows,
        memory: megabytes,
        notes: site.notes,
      };
      const leastFigure: BenchFigure = { bench: 'rest: over the least', goal: '≤ 1.25', ratio: median(least) };
      return { bench: 'rest', goal: '≤ 0.45', ratio: median(decodingAll), more: [leastFigure, memory], detail };
    });
  } finally {
    await Promise.all([...decoders, ...receivers].map((one) => one.stop()));
    await model.stop();
    await cameras.stop();
    await site.folder.remove();
  }
};

/** What a room more costs, over the memory that its packets may take: measured from the second room to the eighth. */
async function memoryOfRooms(processor: ProcessorProcess, sizes: Sizes) {
  const { rooms, firstRooms, settleSeconds, keptSeconds, videoSeconds } = sizes;
  await seconds(settleSeconds);
  const before = memoryMb(processor.pid);
  const added = roomList(rooms).slice(firstRooms);
  const commands = added.map((room) => ({ command: 'add_stream', params: { source_id: room } }));
  await processor.command('batch_commands', { commands });
  await processor.watches(roomList(rooms));
  await seconds(settleSeconds);
  const after = memoryMb(processor.pid);
  const perRoom = (kind: 'resident' | 'proportional'): number => (after[kind] - before[kind]) / added.length;
  const packets = ((await stat(await sizes.video)).size / videoSeconds / 1e6) * keptSeconds;
  const allowed = 1.2 * packets + 20;
  const ratio = round(perRoom('proportional') / allowed);
  const memory: BenchFigure = { bench: 'rest: memory of a room', goal: '≤ 1', ratio };
  const megabytes = {
    room_resident: round(perRoom('resident'), 1),
    room_proportional: round(perRoom('proportional'), 1),
    packets: round(packets, 1),
    allowed: round(allowed, 1),
  };
  return { memory, megabytes };
}

type Window = Awaited<ReturnType<typeof measure>>;

async function measure(options: {
  readonly processor: ProcessorProcess;
  readonly decoders: readonly BareFfmpeg[];
  readonly receivers: readonly BareFfmpeg[];
  readonly model: BareModel;
  readonly sizes: Sizes;
}) {
  const { processor, decoders, receivers, model, sizes } = options;
  const { rooms, windowSeconds, keyframeSeconds } = sizes;
  const secondsOf = (bare: readonly BareFfmpeg[]): number =>
    (bare.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0) * rooms) / bare.length;
  const before = {
    ours: cpuSeconds(processor.pid),
    decoding: secondsOf(decoders),
    receiving: secondsOf(receivers),
    results: processor.results.length,
    parts: cpuByProcess(processor.pid),
  };
  await Promise.all([seconds(windowSeconds), processor.watches(roomList(rooms))]);
  const ours = cpuSeconds(processor.pid) - before.ours;
  const decoding = secondsOf(decoders) - before.decoding;
  const receiving = secondsOf(receivers) - before.receiving;
  const analysed = processor.results.length - before.results;
  const parts = byName(before.parts, cpuByProcess(processor.pid));
  const runs = await model.run({ runs: analysed });
  const keyframes = (rooms * windowSeconds) / keyframeSeconds;
  const needed = (Math.max(0, decoding - receiving) * analysed) / keyframes;
  return {
    ratioToDecodingAll: round(ours / (decoding + runs.cpuSeconds), 3),
    ratioToLeast: round(ours / (receiving + needed + runs.cpuSeconds), 3),
    ours_cpu_seconds: round(ours),
    decode_cpu_seconds: round(decoding),
    receive_cpu_seconds: round(receiving),
    needed_cpu_seconds: round(needed),
    model_cpu_seconds: round(runs.cpuSeconds),
    analysed,
    window_seconds: windowSeconds,
    parts,
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
