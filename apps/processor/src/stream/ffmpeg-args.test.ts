import { plainView } from '@vigilia/vision';
import { newCameraTraits } from './camera-memory.ts';
import { clipPlaylist, type FfmpegArgsOptions, ffmpegArgs } from './ffmpeg-args.ts';

const rtsp: FfmpegArgsOptions = {
  address: { kind: 'rtsp', url: 'rtsp://go2rtc:8554/2' },
  decode: 'keyframes',
  view: plainView,
  camera: newCameraTraits(),
  width: 640,
  height: 480,
  inputArgs: [],
};
const after = (args: readonly string[], option: string): string | undefined => args[args.indexOf(option) + 1];

test('key frames alone are asked for before the input, else the decoder does all its work', () => {
  const args = ffmpegArgs(rtsp);
  expect(after(args, '-skip_frame:u')).toBe('nokey');
  expect(args.indexOf('-skip_frame:u')).toBeLessThan(args.indexOf('-i'));
  expect(ffmpegArgs({ ...rtsp, decode: 'full' }).join(' ')).not.toContain('-skip_frame');
});

test('each picture comes once, in the size of the model, as rgb24', () => {
  const args = ffmpegArgs(rtsp);
  expect(after(args, '-fps_mode')).toBe('passthrough');
  expect(after(args, '-pix_fmt')).toBe('rgb24');
  expect(after(args, '-vf')).toContain('pad=640:480:');
});

test('a camera that goes silent ends its ffmpeg within ten seconds, also when the processor has ended', () => {
  expect(after(ffmpegArgs(rtsp), '-timeout')).toBe('10000000');
  expect(after(ffmpegArgs({ ...rtsp, address: { kind: 'http', url: 'http://cam/x' } }), '-rw_timeout')).toBe(
    '10000000',
  );
});

test.each([
  ['rtsp', 'rtsp,rtp,udp,tcp,crypto'],
  ['rtsps', 'rtsps,rtsp,rtp,srtp,tls,udp,tcp,crypto'],
  ['http', 'http,https,tls,tcp,crypto'],
  ['https', 'http,https,tls,tcp,crypto'],
] as const)('%s may use only the protocols it needs: no files', (kind, whitelist) => {
  const args = ffmpegArgs({ ...rtsp, address: { kind, url: `${kind}://cam/1` } });
  expect(after(args, '-protocol_whitelist')).toBe(whitelist);
  expect(args.indexOf('-protocol_whitelist')).toBeLessThan(args.indexOf('-i'));
});

test('a file is read at the speed of a camera, from the position of the clip clock', () => {
  const args = ffmpegArgs({ ...rtsp, address: { kind: 'file', path: '/clips/2.mp4' }, startSeconds: 12.3456 });
  expect(args).toContain('-re');
  expect(after(args, '-ss')).toBe('12.346');
  expect(args.indexOf('-ss')).toBeLessThan(args.indexOf('-i'));
  expect(args.join(' ')).not.toContain('/clips/2.mp4');
});

test('each picture is described while it still has the size of the camera', () => {
  const filters = after(ffmpegArgs(rtsp), '-vf')?.split(',') ?? [];
  expect(filters[0]).toBe('showinfo=checksum=0');
  expect(filters[1]).toContain('scale=');
  expect(after(ffmpegArgs(rtsp), '-loglevel')).toContain('repeat');
});

test('no frame is held back until the next one comes', () => {
  const args = ffmpegArgs(rtsp);
  const output = args.slice(args.indexOf('-i'), args.indexOf('rawvideo'));
  expect(after(output, '-threads')).toBe('1');
});

test('a stream is open as soon as its size is known, and its packets are listed before they are decoded', () => {
  const args = ffmpegArgs({ ...rtsp, camera: { ...newCameraTraits(), videoTrack: 1, probeMs: 5000 } });
  expect(after(args, '-fpsprobesize')).toBe('0');
  expect(after(args, '-analyzeduration')).toBe('5000000');
  expect(args.filter((arg) => arg === '0:v:1')).toHaveLength(2);
  expect(args.slice(-5)).toEqual(['-f', 'framecrc', '-flush_packets', '1', 'pipe:3']);
});

test.each([
  ['mjpeg', '-f mjpeg -i http://cam/x'],
  ['stills', '-f image2 -pattern_type none -loop 1 -framerate 1 -re -i http://cam/x'],
] as const)('an HTTP address that is known to give %s is read as such', (input, expected) => {
  const address = { kind: 'http', url: 'http://cam/x' } as const;
  expect(ffmpegArgs({ ...rtsp, address, camera: { ...newCameraTraits(), input } }).join(' ')).toContain(expected);
});

test('hardware arguments stand before the input', () => {
  const args = ffmpegArgs({ ...rtsp, inputArgs: ['-hwaccel', 'vaapi'] });
  expect(after(args, '-hwaccel')).toBe('vaapi');
  expect(args.indexOf('-hwaccel')).toBeLessThan(args.indexOf('-i'));
});

test('a playlist repeats a clip for a day, also when its name has a quote in it', () => {
  const lines = clipPlaylist("/clips/o'hara.mp4", 60).trim().split('\n');
  expect(lines[0]).toBe('ffconcat version 1.0');
  expect(lines[1]).toBe("file 'file:/clips/o'\\''hara.mp4'");
  expect(lines).toHaveLength(1 + 24 * 60 + 1);
});
