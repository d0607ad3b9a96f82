import { PictureMatcher } from './picture-matcher.ts';

const wide = { width: 320, height: 180, sar: 1, key: true };
const tall = { width: 180, height: 320, sar: 1, key: true };

function matcher() {
  const pictures: [number, number][] = [];
  const match = new PictureMatcher({ onPicture: (data, info) => pictures.push([data[0] ?? 0, info.width]) });
  return { match, pictures, frame: (id: number) => match.frame(Buffer.from([id])) };
}

test('descriptions far ahead: the pictures still in the pipe keep the size they have', () => {
  const { match, pictures, frame } = matcher();
  for (const info of [wide, wide, tall]) {
    match.info(info);
  }
  for (const id of [1, 2, 3]) {
    frame(id);
  }
  expect(pictures).toEqual([
    [1, 320],
    [2, 320],
    [3, 180],
  ]);
});

test('pictures ahead of their description wait for it', () => {
  const { match, pictures, frame } = matcher();
  frame(1);
  expect(pictures).toEqual([]);
  match.info(wide);
  expect(pictures).toEqual([[1, 320]]);
});

test('a picture whose buffer was used again is left out, and the order holds', () => {
  const { match, pictures, frame } = matcher();
  for (const id of [1, 2, 3, 4]) {
    frame(id);
  }
  for (const info of [wide, wide, wide, tall]) {
    match.info(info);
  }
  expect(pictures).toEqual([
    [3, 320],
    [4, 180],
  ]);
});
