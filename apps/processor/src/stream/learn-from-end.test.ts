import { newCameraTraits, patientProbeMs } from './camera-memory.ts';
import { learnFromEnd, type StreamReport } from './learn-from-end.ts';

const rtsp: StreamReport = {
  network: true,
  format: 'rtsp',
  videoTracks: [true],
  packets: 0,
  frames: 0,
  errors: [],
};
const unreadable = {
  ...rtsp,
  format: undefined,
  videoTracks: [],
  errors: ['Invalid data found when processing input'],
};

test('a stream that gave frames and ended is opened the same way again', () => {
  const camera = newCameraTraits();
  expect(learnFromEnd(camera, { ...rtsp, frames: 9, packets: 90 })).toBe(false);
  expect(camera).toEqual(newCameraTraits());
});

test.each(['image2', 'jpeg_pipe', 'png_pipe'])('one picture (%s) is fetched again and again', (format) => {
  const camera = newCameraTraits();
  expect(learnFromEnd(camera, { ...rtsp, format, frames: 1, packets: 1 })).toBe(true);
  expect(camera.input).toBe('stills');
  expect(learnFromEnd(camera, { ...rtsp, format: 'image2', frames: 30, packets: 30 })).toBe(false);
});

test('a picture in a file is not fetched again', () => {
  const camera = newCameraTraits();
  expect(learnFromEnd(camera, { ...rtsp, network: false, format: 'image2', frames: 1 })).toBe(false);
});

test('what cannot be read as a stream is tried as a row of JPEG pictures once, then as a stream again', () => {
  const camera = newCameraTraits();
  expect(learnFromEnd(camera, unreadable)).toBe(true);
  expect(camera.input).toBe('mjpeg');
  expect(learnFromEnd(camera, unreadable)).toBe(false);
  expect(camera.input).toBe('stream');
});

test('a video track without a size is left for one that has it', () => {
  const camera = newCameraTraits();
  expect(learnFromEnd(camera, { ...rtsp, videoTracks: [false, true] })).toBe(true);
  expect(camera.videoTrack).toBe(1);
  expect(learnFromEnd(camera, { ...rtsp, videoTracks: [false, true] })).toBe(false);
  expect(camera.videoTrack).toBe(1);
});

test('a camera that has a single video track again is seen again', () => {
  const camera = { ...newCameraTraits(), videoTrack: 1 };
  expect(learnFromEnd(camera, rtsp)).toBe(true);
  expect(camera.videoTrack).toBe(0);
});

test('a picture whose size was not known in time is given more of it, once', () => {
  const camera = newCameraTraits();
  expect(learnFromEnd(camera, { ...rtsp, videoTracks: [false] })).toBe(true);
  expect(camera.probeMs).toBe(patientProbeMs);
  expect(learnFromEnd(camera, { ...rtsp, videoTracks: [false] })).toBe(false);
});
