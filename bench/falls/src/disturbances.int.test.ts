import { spawnSync } from 'node:child_process';
import { ffmpegPath, requires } from '@vigilia/testing';
import { disturbances, moveZones, type PictureToDisturb } from './disturbances.ts';

const picture: PictureToDisturb = { width: 320, height: 240, hips: 0.75 };
const white = { x: 200, y: 100, width: 24, height: 16 };
const centre = [(white.x + white.width / 2) / picture.width, (white.y + white.height / 2) / picture.height] as const;

/** Where the centre of the white rectangle lies (0..1) after ffmpeg disturbed a black picture that holds it. */
function whereIsWhite(filter: string): readonly [number, number] {
  const input = ['-f', 'lavfi', '-i', `color=black:s=${picture.width}x${picture.height}:d=1:r=1`];
  const box = `drawbox=x=${white.x}:y=${white.y}:w=${white.width}:h=${white.height}:color=white:t=fill`;
  const chain = `format=yuv420p,${box},${filter}`;
  const output = ['-frames:v', '1', '-pix_fmt', 'gray', '-f', 'image2pipe', '-c:v', 'pgm', '-'];
  const { stdout, stderr } = spawnSync(ffmpegPath() ?? 'ffmpeg', ['-v', 'error', ...input, '-vf', chain, ...output]);
  const [header, width = Number.NaN, height = Number.NaN] =
    /^P5\s(\d+) (\d+)\s\d+\s/.exec(stdout.toString('latin1')) ?? [];
  if (header === undefined) throw new Error(`ffmpeg made no picture: ${stderr.toString()}`);
  const bright = [...stdout.subarray(header.length).entries()].filter(([, value]) => value >= 200);
  const mean = (of: (at: number) => number): number =>
    bright.reduce((sum, [at]) => sum + of(at) + 0.5, 0) / bright.length;
  return [
    mean((at) => at % Number(width)) / Number(width),
    mean((at) => Math.floor(at / Number(width))) / Number(height),
  ];
}

requires('ffmpeg')('disturbed pictures', () => {
  // The night is too dark to find anything white in it; it moves nothing.
  test.each(disturbances.filter(({ id }) => id !== 'night').map((one) => [one.id, one] as const))(
    '%s: a zone stays on the furniture that it was drawn on',
    (_, disturbance) => {
      const [x, y] = whereIsWhite(disturbance.filter(picture));
      const [zone] = moveZones([{ kind: 'bed', points: [centre] }], disturbance, picture) ?? [];
      expect(zone?.points[0]?.[0]).toBeCloseTo(x, 2);
      expect(zone?.points[0]?.[1]).toBeCloseTo(y, 2);
    },
  );
});

test('a zone never leaves the picture, because a polygon outside 0..1 is rejected by the product', () => {
  for (const disturbance of disturbances) {
    const corners = [
      [0, 0],
      [1, 0],
      [1, 1],
    ] as const;
    const [zone] = moveZones([{ kind: 'bed', points: corners }], disturbance, picture) ?? [];
    const shares = zone?.points.flat() ?? [];
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
  }
});

test('a room whose zones were never configured stays so', () => {
  expect(moveZones(undefined, disturbances[0] as (typeof disturbances)[0], picture)).toBeUndefined();
});
