import { decodesAlone } from './nal-units.ts';

const unit = (...bytes: number[]): Buffer => Buffer.from([0, 0, 0, 1, ...bytes]);
/** Of H.265: the type is in the upper bits of the first byte. */
const hevcUnit = (type: number): Buffer => unit(type << 1, 1, 0x80);
const [delimiter, sps, pps, sei] = [unit(0x09, 0xf0), unit(0x67, 1, 2), unit(0x68, 3), unit(0x06, 6, 1, 0x80)];

test.each([
  ['an IDR picture with its parameter sets', [delimiter, sps, pps, sei, unit(0x65, 0x88)], true],
  ['a picture that refers to others', [delimiter, unit(0x41, 0x9a)], false],
  ['a recovery point of an open group of pictures or of intra refresh', [sps, pps, sei, unit(0x41, 0x88)], false],
  ['parameter sets without a picture', [sps, pps], false],
  ['nothing', [], false],
])('H.264: %s (decoded alone: it gives a frame or not)', (_, units, expected) => {
  expect(decodesAlone('h264', Buffer.concat(units))).toBe(expected);
});

test.each([
  [19, true],
  [20, true],
  [21, true],
  [16, true],
  [1, false],
  [9, false],
])('H.265: a picture of type %d gives a frame alone: %s', (type, expected) => {
  const parameterSets = [32, 33, 34, 39].map(hevcUnit);
  expect(decodesAlone('hevc', Buffer.concat([...parameterSets, hevcUnit(type)]))).toBe(expected);
});

test('each JPEG gives a frame alone', () => {
  expect(decodesAlone('mjpeg', Buffer.from([0xff, 0xd8]))).toBe(true);
});
