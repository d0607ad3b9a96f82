import { streamFacts } from './probe-stream.ts';

test.each([
  [
    '  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(progressive), 640x480, 86 kb/s, 10 fps, 10 tbr',
    { codec: 'h264', fps: 10 },
  ],
  [
    '  Stream #0:1: Video: hevc (Main), yuv420p(tv), 2560x1440, 12.50 fps, 25 tbr, 90k tbn',
    { codec: 'hevc', fps: 12.5 },
  ],
  [
    '  Stream #0:0: Video: mjpeg (Baseline), yuvj420p(pc), 640x480, 25 tbr, 90k tbn',
    { codec: 'mjpeg', fps: undefined },
  ],
  ['  Stream #0:0: Audio: aac, 8000 Hz, mono', undefined],
])('%s', (line, facts) => {
  expect(streamFacts(`Input #0, rtsp, from …:\n${line}\nAt least one output file must be specified\n`)).toEqual(facts);
});
