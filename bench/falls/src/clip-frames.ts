import { mkdtempSync } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { letterboxFilter } from '@vigilia/vision';
import { runFfmpeg } from './ffmpeg.ts';

/** Frames of clips are taken on this grid. */
export const gridFps = 10;

/** A clip's frames on the grid, letterboxed for a model, in a temporary file: any of them can be read at any time. */
export interface ClipFrames extends AsyncDisposable {
  readonly count: number;
  read(index: number): Promise<Uint8Array>;
}

/** Opens the frames of a clip, or as many of them as are wanted from its beginning. */
export async function openClipFrames(
  path: string,
  { width, height }: { readonly width: number; readonly height: number },
  most?: number,
): Promise<ClipFrames> {
  const folder = mkdtempSync(join(tmpdir(), 'vigilia-falls-'));
  const file = join(folder, 'frames.rgb');
  try {
    const filter = `fps=${gridFps},${letterboxFilter(width, height)}`;
    const limit = most === undefined ? [] : ['-frames:v', String(most)];
    const output = ['-vf', filter, ...limit, '-pix_fmt', 'rgb24', '-f', 'rawvideo', file];
    const { code, text } = await runFfmpeg(['-v', 'error', '-threads', '1', '-i', path, ...output]);
    if (code !== 0) throw new Error(`ffmpeg could not read ${path}: ${text.trim().split('\n').at(-1)}`);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const bytes = width * height * 3;
  const count = Math.floor((await stat(file)).size / bytes);
  const handle = await open(file);
  return {
    count,
    async read(index) {
      const data = new Uint8Array(bytes);
      await handle.read(data, 0, bytes, Math.min(count - 1, Math.max(0, index)) * bytes);
      return data;
    },
    async [Symbol.asyncDispose]() {
      await handle.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
