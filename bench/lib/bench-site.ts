import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ClipOptions,
  makeClip,
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
export async function clipOf(name: string, options: Omit<ClipOptions, 'file'>): Promise<string> {
  const kept = join(repoRoot, '.cache', 'vigilia', 'bench');
  const file = join(kept, `${name}.mp4`);
  if (existsSync(file)) return file;
  await mkdir(kept, { recursive: true });
  const made = await makeClip({ ...options, file: join(kept, `making-${process.pid}-${name}.mp4`) });
  await rename(made, file);
  return file;
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
