import { RtspError } from '../rtsp/rtsp-error.ts';
import { ffmpegFailed, ReaderTrials } from './reader-trials.ts';

const closed = new RtspError('closed', 'the camera closed the connection');
const newTraits = () => ({ emptySessions: 0, givenUp: false });

test('a camera that sends what the reader does not read is left to ffmpeg at once, for good', () => {
  const traits = newTraits();
  const trials = new ReaderTrials(traits);
  expect(trials.failed(new RtspError('unsupported', 'MJPEG'), true)).toBe('MJPEG');
  ffmpegFailed(traits);
  expect(traits.givenUp).toBe(true);
});

test.each(['network', 'refused'] as const)('a camera that ffmpeg would not reach either is not (%s)', (kind) => {
  const traits = newTraits();
  for (let attempt = 0; attempt < 5; attempt++) {
    expect(new ReaderTrials(traits).failed(new RtspError(kind, 'no'), false)).toBeUndefined();
  }
  expect(traits.givenUp).toBe(false);
});

test('the second empty session in a row gives the reader up; one with packets in between starts anew', () => {
  const traits = newTraits();
  expect(new ReaderTrials(traits).failed(closed, true)).toBeUndefined();
  const worked = new ReaderTrials(traits);
  worked.packet();
  expect(worked.failed(closed, true)).toBeUndefined();
  expect(new ReaderTrials(traits).empty()).toBeUndefined();
  expect(new ReaderTrials(traits).failed(closed, true)).toBe('the camera sends no packets to it');
});

test('where ffmpeg receives nothing either, the reader is tried again: the camera was at fault', () => {
  const traits = { emptySessions: 2, givenUp: true };
  ffmpegFailed(traits);
  expect(traits).toEqual({ emptySessions: 0, givenUp: false });
});
