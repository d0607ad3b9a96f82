import { explainEnd, FfmpegMessages, frameInfo } from './ffmpeg-messages.ts';

const info = (n: number, size: string, key: 0 | 1): string =>
  `[Parsed_showinfo_0 @ 0x5592adfd3e00] [info] n:${String(n).padStart(4)} pts:${String(n * 40).padStart(7)} pts_time:0       pos:       48 fmt:yuvj420p sar:1/1 s:${size} i:P iskey:${key} type:I \n`;

test('size and kind of each frame are reported in their order, however the lines are cut', () => {
  const messages = new FfmpegMessages();
  const text = info(0, '1920x1080', 1) + info(1, '1920x1080', 0) + info(0, '640x480', 1);
  expect([...messages.push(text.slice(0, 200)), ...messages.push(text.slice(200))]).toEqual([
    { width: 1920, height: 1080, sar: 1, key: true, timestamp: 0 },
    { width: 1920, height: 1080, sar: 1, key: false, timestamp: 40 },
    { width: 640, height: 480, sar: 1, key: true, timestamp: 0 },
  ]);
});

test('other lines of the same filter do not count as frames', () => {
  const line = '[Parsed_showinfo_0 @ 0x55] [info] config in time_base: 1/10240, frame_rate: 10/1';
  expect(frameInfo(line)).toBeUndefined();
  expect(frameInfo('[Parsed_showinfo_0 @ 0x55] [info] color_range:unknown color_space:unknown')).toBeUndefined();
});

test('a camera is reached when its stream was described', () => {
  const messages = new FfmpegMessages();
  expect(messages.opened).toBe(false);
  messages.push("[info] Input #0, rtsp, from 'rtsp://cam/1':\n");
  expect(messages.opened).toBe(true);
});

test.each([
  ['16/11', 16 / 11],
  ['0/1', 1],
])('pixels of the shape %s are reported as %d', (sar, expected) => {
  expect(frameInfo(info(0, '352x288', 1).replace('sar:1/1', `sar:${sar}`))).toMatchObject({ sar: expected });
});

test('tracks of the input are distinguished from those of the outputs, and one without packets from the others', () => {
  const messages = new FfmpegMessages();
  messages.push(
    [
      "[info] Input #0, rtsp, from 'rtsp://cam/1':",
      '[info]   Stream #0:0: Video: h264, none, 90k tbr, 90k tbn',
      '[info]   Stream #0:1: Audio: pcm_mulaw, 8000 Hz, mono, s16, 64 kb/s',
      '[info]   Stream #0:2(eng): Video: hevc (Main) (hev1 / 0x31766568), yuv420p(progressive), 640x360 [SAR 1:1 DAR 16:9], 10 fps',
      '[info] Stream mapping:',
      '[info]   Stream #0:2 -> #0:0 (hevc (native) -> rawvideo (native))',
      "[info] Output #0, rawvideo, to 'pipe:1':",
      '[info]   Stream #0:0: Video: rawvideo (RGB[24] / 0x18424752), rgb24, 64x64, 10 fps',
      '',
    ].join('\n'),
  );
  expect(messages.format).toBe('rtsp');
  expect(messages.videoTracks).toEqual([
    { codec: 'h264', sized: false },
    { codec: 'hevc', sized: true },
  ]);
});

test('a flood of errors keeps the last lines only', () => {
  const messages = new FfmpegMessages();
  for (let i = 0; i < 10_000; i++) {
    messages.push(`[h264 @ 0x5581] [error] error while decoding MB ${i} 7\n[info] noise\n`);
  }
  expect(messages.errors()).toHaveLength(5);
  expect(messages.errors().at(-1)).toBe('error while decoding MB 9999 7');
  messages.push('x'.repeat(1_000_000));
  expect(messages.push('\n')).toEqual([]);
});

test('credentials in an address never leave it', () => {
  const messages = new FfmpegMessages();
  messages.push('[error] rtsp://nurse:s3cret@10.0.0.7/1: Connection refused\n');
  expect(messages.errors().join()).not.toContain('s3cret');
  expect(explainEnd(messages.errors(), { code: 1, signal: null }).detail).not.toContain('nurse');
});

test.each([
  ['[rtsp @ 0x1] method DESCRIBE failed: 401 Unauthorized', 'unreachable', /password/, true],
  ['method DESCRIBE failed: 404 Not Found', 'unreachable', /404/, true],
  ['tcp://127.0.0.1:9: Connection refused', 'unreachable', /refused/, false],
  ['/clips/9.mp4: Invalid data found when processing input', 'decoder', /not a video/, true],
  ["Stream map '0:v:0' matches no streams.", 'decoder', /no video in the stream/, true],
  ['Decoder (codec none) not found for input stream #0:0', 'decoder', /decoder/, true],
])('"%s" is reported as what it means', (line, cause, detail, final) => {
  const trouble = explainEnd([line], { code: 1, signal: null });
  expect(trouble).toMatchObject({ cause, final });
  expect(trouble.detail).toMatch(detail);
});

test('without an error line the exit itself is reported', () => {
  expect(explainEnd([], { code: 0, signal: null })).toMatchObject({ cause: 'ended', final: false });
  expect(explainEnd([], { code: null, signal: 'SIGKILL' }).detail).toContain('SIGKILL');
  expect(explainEnd(['strange'], { code: 7, signal: null })).toMatchObject({
    cause: 'decoder',
    detail: expect.stringContaining('strange'),
  });
});

test.each(['a/S3CRET', 'a?S3CRET', 'a#S3CRET', 'a S3CRET', "a'S3CRET", 'a"S3CRET', 'a\\S3CRET', '1 S3CRET: x'])(
  'a password such as %s is taken out, and why the camera refused stays',
  (password) => {
    const address = `rtsp://nurse:${password}@10.0.0.7/1?token=S3CRET`;
    const messages = new FfmpegMessages(address);
    messages.push(`[rtsp @ 0x55] [error] ${address}: Server returned 401 Unauthorized (authorization failed)\n`);
    const { detail, final } = explainEnd(messages.errors(), { code: 1, signal: null });
    expect(detail).toContain('the camera refused the user name or password');
    expect(detail).not.toContain('S3CRET');
    expect(final).toBe(true);
  },
);

test('a line that is too long is cut behind its address, never within it', () => {
  const messages = new FfmpegMessages();
  messages.push(`[error] ${'x'.repeat(1_980)} rtsp://nurse:12345@10.0.0.7/1 ${'y'.repeat(50_000)}`);
  messages.push('z@10.0.0.7: Connection refused\n');
  expect(messages.errors()[0]).toHaveLength(2_000);
  expect(messages.errors().join()).not.toContain('123');
});
