import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeClip, repoRoot, requires } from '@vigilia/testing';
import { checkStream } from './check-stream.ts';

requires('ffmpeg')('the doctor looks at a camera', () => {
  const mediaDir = mkdtempSync(join(tmpdir(), 'vigilia-doctor-'));
  const at = (name: string) => ({ sourceId: 4, address: `file://${mediaDir}/${name}.mp4`, mediaDir });

  test('picture size and keyframe interval as a processor meets them', async () => {
    await makeClip({
      file: join(mediaDir, 'good.mp4'),
      size: '640x480',
      fps: 10,
      seconds: 6,
      gop: 10,
      pattern: 'testsrc2',
    });
    const finding = await checkStream(at('good'));
    expect(finding).toMatchObject({
      result: 'ok',
      figures: { width: 640, height: 480, codec: 'h264', stream_fps: 10 },
    });
    expect(Number(finding.figures?.keyframe_interval_ms)).toBeGreaterThan(250);
    expect(Number(finding.figures?.keyframe_interval_ms)).toBeLessThan(4000);
  });

  test('a dark room is told with its remedy', async () => {
    const pattern = [{ seconds: 6, level: 10 }];
    await makeClip({ file: join(mediaDir, 'dark.mp4'), size: '640x480', fps: 10, seconds: 6, gop: 10, pattern });
    expect(await checkStream(at('dark'))).toMatchObject({ result: 'warning', remedy: expect.stringContaining('dark') });
  });

  test('a camera that is not there fails, and its password is not told', async () => {
    const address = 'rtsp://nurse:geheim@127.0.0.1:1/4';
    const finding = await checkStream({ sourceId: 4, address, mediaDir, limitMs: 4000 });
    expect(finding.result).toBe('failed');
    expect(JSON.stringify(finding)).not.toContain('geheim');
    expect(finding.remedy).toContain('go2rtc');
  });
});

requires('ffmpeg', 'model')('vigilia doctor', () => {
  test('ends with code 1 and the remedy when the broker is away, as JSON too', async () => {
    const args = [join(repoRoot, 'apps/cli/dist/main.js'), 'doctor', '--json', '--mqtt-url', 'mqtt://127.0.0.1:1'];
    const { code, findings } = await new Promise<{ code: unknown; findings: { check: string; result: string }[] }>(
      (resolve) => {
        execFile(process.execPath, args, (error, stdout) =>
          resolve({ code: error?.code ?? 0, findings: JSON.parse(stdout) }),
        );
      },
    );
    expect(code).toBe(1);
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'broker', result: 'failed', remedy: expect.any(String) }),
    );
    expect(findings).toContainEqual(expect.objectContaining({ check: 'ffmpeg', result: 'ok' }));
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: 'model',
        result: 'ok',
        figures: expect.objectContaining({ rooms: expect.any(Number) }),
      }),
    );
  });
});
