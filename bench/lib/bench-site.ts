import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ClipOptions,
  type CodedVideoOptions,
  makeClip,
  makeCodedVideo,
  makeModel,
  repoRoot,
  type TempFolder,
  tempFolder,
  testData,
} from '@vigilia/testing';

/** Clips and models of a benchmark, in a folder of its own. */
export interface BenchSite {
  readonly folder: TempFolder;
  /** What stands in for what is not there; empty where everything is. */
  readonly notes: readonly string[];
}

/** The clip that all rooms of a benchmark show, made once and kept. */
export function clipOf(name: string, options: Omit<ClipOptions, 'file'>): Promise<string> {
  return madeOnce(`${name}.mp4`, (file) => makeClip({ ...options, file }));
}

/** The Annex-B video that the cameras of a benchmark send, made once and kept. */
export function codedVideoOf(name: string, options: Omit<CodedVideoOptions, 'file'>): Promise<string> {
  return madeOnce(name, (file) => makeCodedVideo({ ...options, file }));
}

async function madeOnce(name: string, make: (file: string) => Promise<string>): Promise<string> {
  const kept = join(repoRoot, '.cache', 'vigilia', 'bench');
  const file = join(kept, name);
  if (existsSync(file)) return file;
  await mkdir(kept, { recursive: true });
  await rename(await make(join(kept, `making-${process.pid}-${name}`)), file);
  return file;
}

/**
 * What a camera of 1080p25 sends at 4 Mbit/s, constant, with a keyframe per second: a wall with texture, something that moves, and the
 * noise of a sensor. A test card alone is decoded in a third of the time.
 */
export function cameraVideo(): Promise<string> {
  const [fps, seconds] = [25, 20];
  const wall = `color=c=gray:s=1920x1080:r=${fps},format=yuv420p,noise=c0s=90,gblur=sigma=2.5,loop=-1:1`;
  const source =
    `${wall},trim=duration=${seconds},setpts=N/${fps}/TB[wall];testsrc2=s=320x540:r=${fps}:d=${seconds}[person];` +
    '[wall][person]overlay=x=200+60*t:y=400,noise=alls=7:allf=t';
  const rate = 'bitrate=4000:vbv-maxrate=4000:vbv-bufsize=4000';
  const tools = 'bframes=0:cabac=1:8x8dct=1:no-deblock=0:deblock=0,0';
  const encoder = `keyint=${fps}:min-keyint=${fps}:${tools}:${rate}`;
  return codedVideoOf('camera-1080p25-4mbit.h264', { fps, seconds, encoder, source });
}

/** A folder with `rooms` numbered clips and the model `yolov11n-640`, or a generated one of its size where that is not there. */
export async function benchSite(options: { readonly rooms: number; readonly clip: string }): Promise<BenchSite> {
  const folder = await tempFolder('bench');
  for (let room = 0; room < options.rooms; room++) {
    await linkOrCopy(options.clip, folder.file(`${room}.mp4`));
  }
  const notes: string[] = [];
  const real = testData('models', `${realModel}.onnx`);
  if (existsSync(real)) {
    await copyFile(real, folder.file(`${realModel}.onnx`));
  } else {
    await makeModel({ file: folder.file(`${realModel}.onnx`), size: 640, behaviour: 'slow', matmuls: 60 });
    notes.push(`${realModel} is not among the test data: a generated model of the same input size stands in`);
  }
  await makeModel({ file: folder.file('small.onnx') });
  await makeModel({ file: folder.file('other.onnx') });
  return { folder, notes };
}

/** The model that the benchmarks are about. */
export const realModel = 'yolov11n-640';

async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}
