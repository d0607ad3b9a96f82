import { displayedSize, plainView } from './camera-view.ts';
import { letterboxFilter, letterboxGeometry, unletterbox } from './letterbox.ts';

test.each([
  [640, 360, 512, 512, { scale: 0.8, padX: 0, padY: 112 }],
  [320, 240, 640, 640, { scale: 2, padX: 0, padY: 80 }],
  [810, 1080, 640, 640, { scale: 640 / 1080, padX: 80, padY: 0 }],
  [1280, 720, 640, 384, { scale: 0.5, padX: 0, padY: 12 }],
])('%i×%i in %i×%i', (sw, sh, w, h, expected) => {
  expect(letterboxGeometry(sw, sh, w, h)).toMatchObject(expected);
});

test('a box found in the input is back in camera pixels, cut at the frame', () => {
  const geometry = letterboxGeometry(640, 360, 512, 512);
  expect(unletterbox({ x1: 80, y1: 192, x2: 160, y2: 600 }, geometry)).toEqual({ x1: 100, y1: 100, x2: 200, y2: 360 });
});

test('the filter pads with the grey that models were trained with', () => {
  expect(letterboxFilter(512, 512)).toContain(`color=0x${(114).toString(16).repeat(3)}`);
});

test.each([
  [{ width: 352, height: 288, sar: 16 / 11 }, plainView, { width: 512, height: 288 }],
  [
    { width: 704, height: 576, sar: 1 },
    { aspect: 16 / 9, rotate: 0 },
    { width: 1024, height: 576 },
  ],
  [
    { width: 1920, height: 1080, sar: 1 },
    { aspect: undefined, rotate: 90 },
    { width: 1080, height: 1920 },
  ],
  [
    { width: 640, height: 480, sar: 1 },
    { aspect: undefined, rotate: 180 },
    { width: 640, height: 480 },
  ],
  [
    { width: 352, height: 288, sar: 16 / 11 },
    { aspect: 4 / 3, rotate: 270 },
    { width: 288, height: 384 },
  ],
] as const)('%o is displayed with %o as %o: square pixels, upright', (encoded, view, expected) => {
  expect(displayedSize(encoded, view)).toEqual(expected);
});
