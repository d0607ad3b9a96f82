import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess } from '@vigilia/service';
import { repoRoot, requires, startMosquitto, testData } from '@vigilia/testing';

const rooms = join(repoRoot, 'demo/rooms');

/** Exit code and output of one of the shell tests against the processor at this port. */
function runScript(
  name: string,
  port: number,
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn('bash', [join(repoRoot, 'scripts', name)], {
      env: { ...process.env, MQTT_HOST: '127.0.0.1', MQTT_PORT: String(port), ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => (output += String(chunk)));
    }
    child.once('close', (code) => resolve({ code, output }));
  });
}

requires(
  'mosquitto',
  'mosquitto-clients',
  'data',
  'ffmpeg',
)('the shell tests against a running processor', () => {
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  let processor: ChildProcess;

  beforeAll(async () => {
    broker = await startMosquitto();
    const modelsDir = mkdtempSync(join(tmpdir(), 'vigilia-shell-'));
    // The larger models stand in for themselves: the same small file under their names.
    for (const id of ['yolov11s-640', 'yolov11x-640']) {
      copyFileSync(testData('models/yolov11n-640.onnx'), join(modelsDir, `${id}.onnx`));
    }
    const flags = [
      '--streams',
      '0,1',
      '--enable-control',
      '--max-fps',
      '0.5',
      '--model',
      'yolov11s-640',
      '--frozen-after',
      '0',
    ];
    const where = [
      '--mqtt-url',
      broker.url,
      '--stream-server',
      `file://${rooms}/{source_id}.mp4`,
      '--media-dir',
      rooms,
    ];
    processor = spawn(
      process.execPath,
      [join(repoRoot, 'apps/processor/dist/main.js'), ...flags, ...where, '--models-dir', modelsDir],
      {
        stdio: 'ignore',
        env: { ...process.env, CLIP_CLOCK: String(Date.now()) },
      },
    );
  });

  afterAll(async () => {
    await endProcess(processor);
    await broker.stop();
  });

  test('test-dynamic-config.sh passes all six parts against a running processor', async () => {
    const { code, output } = await runScript('test-dynamic-config.sh', broker.port, { RATE_BEFORE: '0.5' });
    expect(output).toContain(' 0 failed');
    expect(code).toBe(0);
  });

  test('test-restart-command.sh passes against a running processor', async () => {
    const { code, output } = await runScript('test-restart-command.sh', broker.port);
    expect(output).toContain(' 0 failed');
    expect(code).toBe(0);
  });

  test('what was not seen is a failure', async () => {
    const { code, output } = await runScript('test-restart-command.sh', broker.port, { ROOM: '99', PATIENCE: '5' });
    expect(output).toContain('FAIL  room 99 is watched before');
    expect(output).toMatch(/[1-9] failed\n$/);
    expect(code).toBe(1);
  });

  test('a room that is watched already cannot be the new one', async () => {
    const { code, output } = await runScript('test-dynamic-config.sh', broker.port, { NEW_ROOM: '1' });
    expect(output).toContain('room 1 is watched already; name one that is not: NEW_ROOM=8.');
    expect(code).toBe(1);
  });

  test('without a processor they fail, and show why', async () => {
    const other = await startMosquitto();
    const { code, output } = await runScript('test-restart-command.sh', other.port, { PATIENCE: '5' });
    await other.stop();
    expect(code).toBe(1);
    expect(output).toContain('no running processor announces itself');
  });
});
