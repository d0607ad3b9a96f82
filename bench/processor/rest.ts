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
  /** `--keep-packets` of the way that keeps packets. */
  readonly keptSeconds: number;
  readonly settleSeconds: number;
  /** Of each room before the first round. */
  readonly results: number;
  /** Each measures both ways once. */
  readonly rounds: number;
  /** Of each room before a window. */
  readonly resultsBefore: number;
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
      rounds: 1,
      resultsBefore: 1,
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
    rounds: quick ? 3 : 5,
    resultsBefore: 2,
    windowSeconds: 30,
  };
}

const wayNames = ['usual', 'kept'] as const;
type WayName = (typeof wayNames)[number];

/**
 * Eight quiet RTSP cameras of 1080p25 with a keyframe per second, one frame analysed every 10 s, in both ways of a frame: each camera
 * received and decoded by one ffmpeg (`usual`), or its packets kept (`kept`). Both processors live all the time; in each round one after
 * the other has the rooms, the other one first in every second round, so that both meet the same machine. Measured are CPU seconds of
 * the whole process tree over two floors. One is the cost of decoding every keyframe: bare decoders and as many bare runs of the model.
 * The other is the least that is possible: bare receivers, the keyframes that were analysed, and the model. Both run beside.
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
  const optionsOf = (keptSeconds: number, streams: readonly number[]) => ({
    folder: site.folder.path,
    flags: [
      ...['--model', realModel, '--max-fps', String(sizes.fps), '--streams', streams.join(',')],
      ...['--stream-server', cameras.url, '--keep-packets', String(keptSeconds)],
    ],
  });
  try {
    return await withProcessor(optionsOf(0, []), (usual) =>
      withProcessor(optionsOf(sizes.keptSeconds, roomList(firstRooms)), async (kept) => {
        await kept.watches(roomList(firstRooms));
        const { memory, megabytes } = await memoryOfRooms(kept, sizes);
        const measured = { decoders, receivers, model, sizes };
        const processors = { usual, kept };
        await warmUp(processors, sizes);
        const windows: Record<WayName, Window[]> = { usual: [], kept: [] };
        for (let round = 0; round < sizes.rounds; round++) {
          for (const name of round % 2 === 0 ? wayNames : wayNames.toReversed()) {
            say(`round ${round + 1} of ${sizes.rounds}: ${name}`);
            const processor = processors[name];
            await changeRooms(processor, 'add_stream', roomList(rooms));
            await processor.watches(roomList(rooms), { results: sizes.resultsBefore });
            windows[name].push(await measure({ processor, ...measured }));
            await changeRooms(processor, 'remove_stream', roomList(rooms));
          }
        }
        return resultOf(windows, memory, { memory: megabytes, notes: site.notes });
      }),
    );
  } finally {
    await Promise.all([...decoders, ...receivers].map((one) => one.stop()));
    await model.stop();
    await cameras.stop();
    await site.folder.remove();
  }
};

/** The first frames include what happens once: code is compiled, decoders are started. The rooms are removed afterwards. */
async function warmUp(processors: Readonly<Record<WayName, ProcessorProcess>>, sizes: Sizes): Promise<void> {
  const all = roomList(sizes.rooms);
  await processors.kept.watches(all, { results: sizes.results });
  await changeRooms(processors.kept, 'remove_stream', all);
  await changeRooms(processors.usual, 'add_stream', all);
  await processors.usual.watches(all, { results: sizes.results });
  await changeRooms(processors.usual, 'remove_stream', all);
}

async function changeRooms(
  processor: ProcessorProcess,
  command: 'add_stream' | 'remove_stream',
  rooms: readonly number[],
): Promise<void> {
  const commands = rooms.map((room) => ({ command, params: { source_id: room } }));
  await processor.command('batch_commands', { commands });
}

/** Medians and spreads over the rounds. */
function resultOf(
  windows: Readonly<Record<WayName, readonly Window[]>>,
  memory: BenchFigure,
  detail: Readonly<Record<string, unknown>>,
) {
  const ratios = {
    decoding_all: windows.kept.map(({ ratioToDecodingAll }) => ratioToDecodingAll),
    least: windows.kept.map(({ ratioToLeast }) => ratioToLeast),
    usual_way_decoding_all: windows.usual.map(({ ratioToDecodingAll }) => ratioToDecodingAll),
    usual_way: windows.kept.map(({ perResult }, round) => round3(perResult / (windows.usual[round]?.perResult ?? 0))),
  };
  const spread = Object.fromEntries(
    Object.entries(ratios).map(([name, values]) => [name, [Math.min(...values), median(values), Math.max(...values)]]),
  );
  const more: BenchFigure[] = [
    { bench: 'rest: over the least', goal: '≤ 1.25', ratio: median(ratios.least) },
    memory,
    { bench: 'rest: over the usual way', goal: 'none', ratio: median(ratios.usual_way) },
    { bench: 'rest: the usual way', goal: 'none', ratio: median(ratios.usual_way_decoding_all) },
  ];
  const all = { min_median_max: spread, windows, ...detail };
  return { bench: 'rest', goal: '≤ 0.45', ratio: median(ratios.decoding_all), more, detail: all };
}

const round3 = (value: number): number => round(value, 3);

/** What a room more costs, over the memory that its packets may take: measured from the second room to the eighth. */
async function memoryOfRooms(processor: ProcessorProcess, sizes: Sizes) {
  const { rooms, firstRooms, settleSeconds, keptSeconds, videoSeconds } = sizes;
  await seconds(settleSeconds);
  const before = memoryMb(processor.pid);
  const added = roomList(rooms).slice(firstRooms);
  await changeRooms(processor, 'add_stream', added);
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
    ratioToDecodingAll: round3(ours / (decoding + runs.cpuSeconds)),
    ratioToLeast: round3(ours / (receiving + needed + runs.cpuSeconds)),
    /** CPU seconds; a busy machine analyses fewer frames. */
    perResult: round3(ours / analysed),
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
