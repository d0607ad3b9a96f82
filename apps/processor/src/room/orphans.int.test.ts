import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isAlive } from '@vigilia/service';
import { eventually, makeClip, makeModel, requires, tempFolder, typeScriptArgs } from '@vigilia/testing';

const program = fileURLToPath(new URL('../test-support/doomed-processor.ts', import.meta.url));

requires('ffmpeg')('a processor that is killed with SIGKILL', () => {
  test('leaves no ffmpeg and no model host behind for more than 15 s, also of a camera that is silent', async () => {
    await using folder = await tempFolder('orphans');
    await makeClip({ file: folder.file('dense.mp4'), size: '320x180', fps: 10, gop: 10, seconds: 10 });
    await makeClip({ file: folder.file('sparse.mp4'), size: '320x180', fps: 10, gop: 80, seconds: 24 });
    await makeModel({ file: folder.file('model.onnx'), size: 320 });
    const silent = createServer((socket) => void socket.on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const addresses = [
      pathToFileURL(folder.file('dense.mp4')).href,
      pathToFileURL(folder.file('sparse.mp4')).href,
      `rtsp://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/2`,
    ];
    const args = [...typeScriptArgs, program, folder.path, folder.path, 'model', ...addresses];
    const doomed = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(doomed.stdout, 'data')) as [Buffer];
      const pids = JSON.parse(line.toString()) as number[];
      expect(pids.length).toBeGreaterThanOrEqual(4);
      expect(pids.every((pid) => isAlive(pid))).toBe(true);
      doomed.kill('SIGKILL');
      await eventually(() => expect(pids.filter((pid) => isAlive(pid))).toEqual([]), { timeoutMs: 15_000 });
    } finally {
      doomed.kill('SIGKILL');
      silent.close();
    }
  });
});
