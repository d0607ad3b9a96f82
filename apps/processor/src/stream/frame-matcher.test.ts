import { FrameMatcher } from './frame-matcher.ts';

const wide = { width: 320, height: 180, sar: 1, key: true };
const tall = { width: 180, height: 320, sar: 1, key: true };

function matcher() {
  const frames: [number, number][] = [];
  const match = new FrameMatcher({ onFrame: (data, info) => frames.push([data[0] ?? 0, info.width]) });
  return { match, frames, frame: (id: number) => match.frame(Buffer.from([id])) };
}

test('descriptions far ahead: the frames still in the pipe keep the size they have', () => {
  const { match, frames, frame } = matcher();
  for (const info of [wide, wide, tall]) {
    match.info(info);
  }
  for (const id of [1, 2, 3]) {
    frame(id);
  }
  expect(frames).toEqual([
    [1, 320],
    [2, 320],
    [3, 180],
  ]);
});

test('frames ahead of their description wait for it', () => {
  const { match, frames, frame } = matcher();
  frame(1);
  expect(frames).toEqual([]);
  match.info(wide);
  expect(frames).toEqual([[1, 320]]);
});

test('a frame whose buffer was used again is left out, and the order holds', () => {
  const { match, frames, frame } = matcher();
  for (const id of [1, 2, 3, 4]) {
    frame(id);
  }
  for (const info of [wide, wide, wide, tall]) {
    match.info(info);
  }
  expect(frames).toEqual([
    [3, 320],
    [4, 180],
  ]);
});
