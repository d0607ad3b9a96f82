import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect, eventually, requires, startFaultyCamera, tempFolder } from '@vigilia/testing';
import { letterboxFilter, plainView } from '@vigilia/vision';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import { PlantedSearch } from '../test-support/planted-search.ts';
import { startHouse, topics } from '../test-support/processor-house.ts';
import { makeFallSite } from '../test-support/suspected-fall.ts';

const pieceBytes = 100;
const pieces = 40;

/** Pieces of the packets of a video, from its first 25 of 100 seconds. */
function packetsOf(video: string): Buffer[] {
  const data = readFileSync(video);
  const step = Math.floor(data.length / 4 / pieces);
  return Array.from({ length: pieces }, (_, index) => data.subarray(index * step + 999).subarray(0, pieceBytes));
}

/** Pieces of the frames between 10 and 20 s, where the person falls: of the camera's pixels, and of the model's. */
function pixelsOf(video: string): Buffer[] {
  const decode = (format: string, filter: string): Buffer => {
    const output = ['-vf', filter, '-pix_fmt', format, '-f', 'rawvideo', '-'];
    const args = ['-v', 'error', '-threads', '1', '-r', '10', '-i', video, '-ss', '10', '-t', '10', ...output];
    return execFileSync(findFfmpeg(), args, { maxBuffer: 1e9 });
  };
  const cut = (data: Buffer, frameBytes: number, at: number): Buffer[] =>
    Array.from({ length: Math.floor(data.length / frameBytes) }, (_, frame) =>
      data.subarray(frame * frameBytes + at).subarray(0, pieceBytes),
    );
  const [luma, rgb] = [320 * 180, 320 * 320 * 3];
  const own = cut(decode('yuv420p', 'null'), luma * 1.5, luma / 2);
  return [...own, ...cut(decode('rgb24', letterboxFilter(320, 320, plainView)), rgb, rgb / 2)];
}

requires('ffmpeg')('frames of the past', () => {
  test('are not in any log, message, temporary file or state file, in whatever form, also at log level debug', async () => {
    await using site = await makeFallSite();
    await using state = await tempFolder('no-trace');
    const secrets = [...packetsOf(site.video), ...pixelsOf(site.video)];
    const search = new PlantedSearch(secrets);
    const startedMs = Date.now();
    const camera = await startFaultyCamera({ file: site.video, fps: 10 });
    const [modelsDir, mediaDir] = [site.folder.path, state.path];
    const model = ['--models-dir', modelsDir, '--model', 'scene', '--model-threads', '1', '--frozen-after', '0'];
    const house = await startHouse({
      site: { folder: state, modelsDir, mediaDir, flags: model, remove: () => state.remove() },
      flags: [
        ...['--streams', '2', '--stream-server', camera.url.replace(/\/0$/, ''), '--max-fps', '0.1'],
        ...['--keep-packets', '45', '--state-dir', state.path],
      ],
      logLevel: 'debug',
    });
    try {
      const { messages } = await collect(house.client, topics.all);
      const frames = (): number =>
        Math.max(...house.lines.map((line) => Number(line.event === 'looked_back' && line.frames)));
      await eventually(() => expect(frames()).toBeGreaterThan(5), { timeoutMs: 180_000 });
      const folders = [tmpdir(), '/dev/shm'];
      const found = (): string[] => search.files(folders, startedMs);
      // the search would find it
      const planted = join(tmpdir(), `vigilia-planted-${process.pid}`);
      for (const secret of [secrets.at(20), secrets.at(-20)]) {
        writeFileSync(planted, `{"frame":"${secret?.toString('base64')}"}`);
        expect(found()).toEqual([planted]);
        rmSync(planted);
      }
      expect(found()).toEqual([]);
      expect(house.lines.filter((line) => search.finds(JSON.stringify(line)))).toEqual([]);
      expect(messages.filter(({ payload }) => search.finds(payload))).toEqual([]);
    } finally {
      await house.stop();
      await camera.stop();
    }
  });
});
