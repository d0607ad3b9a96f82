import { emptyHouse, fold, type House } from '@vigilia/house';
import type { Replay } from '@vigilia/protocol';
import { captureLogger, eventually } from '@vigilia/testing';
import { sampleReplay } from '../test-support/sample-replay.ts';
import { at, incident, startMs } from '../test-support/samples.ts';
import { drawReplay } from './draw-replay.ts';
import { ReplayPictures } from './replay-pictures.ts';

const replay = sampleReplay('inc-1', 2, at(0));
const houseWith = (one: Replay, change: Parameters<typeof incident>[0] = {}): House =>
  fold(
    fold(emptyHouse(startMs), { kind: 'incident', incidentId: 'inc-1', incident: incident(change) }, startMs),
    { kind: 'replay', incidentId: 'inc-1', replay: one },
    startMs,
  );

const pictureOf = (bytes: number) => ({ png: Buffer.alloc(bytes), small: Buffer.alloc(bytes) });

/** Pictures with what was drawn; a picture is as long as its replay has moments. */
function startPictures(draw = async ({ moments }: Replay) => pictureOf(moments.length)) {
  const { logger, lines } = captureLogger();
  const replays: Replay[] = [];
  const pictures = new ReplayPictures({
    logger,
    onDrawn: () => {},
    draw: (one) => {
      replays.push(one);
      return draw(one);
    },
  });
  return { pictures, drawn: replays, lines };
}

test('a replay is drawn once, and again when moments were added to it', async () => {
  const { pictures, drawn } = startPictures();
  const house = houseWith(replay);
  pictures.observe(house);
  await eventually(() => expect(pictures.of('inc-1')?.png).toHaveLength(2));
  pictures.observe(house);
  expect(drawn).toHaveLength(1);
  const more = houseWith({ ...replay, moments: [...replay.moments, { ms: 5000, model: 0, people: [] }] });
  pictures.observe(more);
  await eventually(() => expect(pictures.of('inc-1')?.png).toHaveLength(3));
});

test('a replay that cannot be drawn is logged, not tried again, and leaves the alerts as they are', async () => {
  const { pictures, drawn, lines } = startPictures(() => Promise.reject(new Error('no library')));
  const house = houseWith(replay);
  pictures.observe(house);
  await eventually(() => expect(lines).toMatchObject([{ event: 'replay_not_drawn', incident_id: 'inc-1' }]));
  pictures.observe(house);
  expect(drawn).toHaveLength(1);
  expect(pictures.of('inc-1')).toBeUndefined();
});

test('a picture of a replay that was replaced or deleted while it was drawn is not kept', async () => {
  const finish: ((picture: ReturnType<typeof pictureOf>) => void)[] = [];
  const { pictures, drawn } = startPictures(() => new Promise((resolve) => finish.push(resolve)));
  pictures.observe(houseWith(replay));
  pictures.observe(houseWith(replay, { state: 'closed', closed_at: at(60_000) }));
  finish[0]?.(pictureOf(2));
  const later = sampleReplay('inc-1', 2, at(90_000));
  await eventually(() => {
    pictures.observe(houseWith(later));
    expect(drawn).toHaveLength(2);
  });
  expect(pictures.of('inc-1')).toBeUndefined();
});

test('the picture of a closed incident is not kept in memory', async () => {
  const { pictures } = startPictures();
  pictures.observe(houseWith(replay));
  await eventually(() => expect(pictures.of('inc-1')).toBeDefined());
  pictures.observe(houseWith(replay, { state: 'closed', closed_at: at(60_000) }));
  expect(pictures.of('inc-1')).toBeUndefined();
});

test('the picture is a PNG of a few kilobytes, dark lines on white: readable without colours', async () => {
  const { png, small } = await drawReplay(replay);
  expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([480, 270]);
  expect(png.length).toBeLessThan(20_000);
  expect(small.subarray(8, 12).toString()).toBe('WEBP');
  expect(small.length).toBeLessThan(2400);
  const { createCanvas, loadImage } = await import('@napi-rs/canvas');
  const context = createCanvas(480, 270).getContext('2d');
  context.drawImage(await loadImage(png), 0, 0);
  const greyAt = (x: number, y: number): number => {
    const [red = 0, green = 0, blue = 0] = context.getImageData(x, y, 1, 1).data;
    return (red + green + blue) / 3;
  };
  expect(greyAt(20, 20)).toBeGreaterThan(250);
  // the left side of the box of the person on the floor, at 90 of 320 units
  expect(greyAt(135, 220)).toBeLessThan(60);
});

test('the picture shows what stands in the room by a symbol in each zone: without a font, and without colours', async () => {
  const kinds = ['bed', 'sofa', 'floor_mat', 'exit', 'thing', 'ignore'] as const;
  const { createCanvas, loadImage } = await import('@napi-rs/canvas');
  const zoneOf = async (kind: (typeof kinds)[number]): Promise<number[]> => {
    const points: Replay['zones'][number]['points'] = [
      [20, 20],
      [100, 20],
      [100, 80],
      [20, 80],
    ];
    const { png } = await drawReplay({ ...replay, zones: [{ kind, points }] });
    const context = createCanvas(480, 270).getContext('2d');
    context.drawImage(await loadImage(png), 0, 0);
    // the inside of the zone, without its outline
    const { data } = context.getImageData(36, 36, 108, 78);
    return Array.from({ length: data.length / 4 }, (_, at) => data[4 * at] ?? 0);
  };
  const drawn = await Promise.all(kinds.map(zoneOf));
  for (const greys of drawn) {
    // dark lines on light filling
    expect(greys.filter((grey) => grey < 140).length).toBeGreaterThan(60);
    expect(greys.filter((grey) => grey > 210).length).toBeGreaterThan(greys.length / 2);
  }
  expect(new Set(drawn.map((greys) => greys.map((grey) => (grey < 140 ? 1 : 0)).join(''))).size).toBe(kinds.length);
});
