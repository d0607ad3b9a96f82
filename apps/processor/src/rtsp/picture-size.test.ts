import fc from 'fast-check';
import { pictureSize } from './picture-size.ts';

test.each([
  ['a baseline camera', 'h264', '6742c01ed900a02ff97016e020202800001f480005dc0478b17240', 640, 360],
  ['a high-profile camera', 'h264', '67640028acd940780227e5c05a808080a0000003002000000651e30632c0', 1920, 1080],
  ['x264 with chroma 4:2:2', 'h264', '677a000cbcd941519e222f011000000300100000030140f1429960', 322, 182],
  ['x264 with chroma 4:4:4', 'h264', '67f4000c919b282a33c7c5e022000003000200000300281e28532c', 322, 182],
  ['x264 with fields', 'h264', '67640015acd94143bf3e022000000300200000030283e28532c0', 320, 200],
  [
    'x265',
    'hevc',
    '42010101600000030090000003000003005da00284802d9c9265959a4932bc05a02000000300200000030141',
    1282,
    722,
  ],
] as const)('the size of the frames of %s is read from its parameter set', (_, codec, hex, width, height) => {
  expect(pictureSize(codec, Buffer.from(hex, 'hex'))).toEqual({ width, height });
});

test('a broken parameter set gives no size and does no harm', () => {
  fc.assert(
    fc.property(fc.constantFrom('h264', 'hevc'), fc.uint8Array({ maxLength: 200 }), (codec, bytes) => {
      const size = pictureSize(codec as 'h264' | 'hevc', Buffer.from(bytes));
      expect(size === undefined || (size.width <= 16_384 && size.height <= 16_384)).toBe(true);
    }),
  );
});
