import type { Box } from '../model/detection.ts';
import { roomZones, type Zone } from '../zones/zone.ts';
import { defaultFallPolicy as policy } from './fall-policy.ts';
import { toObservations } from './observation.ts';
import { image, person } from './scene.fixture.ts';

const zones = (all: readonly Zone[] = []) => roomZones(all, image.width / image.height);
const at = (x1: number, y1: number, x2: number, y2: number): Box => ({ x1, y1, x2, y2 });
const television: Zone = {
  kind: 'ignore',
  points: [
    [0, 0],
    [0.25, 0],
    [0.25, 0.5],
    [0, 0.5],
  ],
};

test.each<[string, Box, number, boolean]>([
  ['somebody standing', at(300, 100, 380, 300), 0.8, true],
  ['somebody lying, at full length across the picture', at(100, 300, 500, 380), 0.3, true],
  ['a weak find, which may continue somebody', at(300, 100, 380, 300), 0.16, true],
  ['a find too weak for anything', at(300, 100, 380, 300), 0.14, false],
  ['a curtain', at(300, 100, 330, 300), 0.8, false],
  ['a skirting, the edge of the picture', at(10, 470, 400, 480), 0.5, false],
  ['a carpet from side to side', at(2, 330, 638, 480), 0.5, false],
  ['somebody on television', at(20, 20, 100, 220), 0.8, false],
])('%s', (_, box, confidence, counts) => {
  expect(toObservations([person(box, confidence)], image, zones([television]), policy)).toHaveLength(counts ? 1 : 0);
});

test('joints count from a visibility on', () => {
  const keypoints = [
    { x: 320, y: 120, visibility: 0.9 },
    { x: 325, y: 118, visibility: 0.4 },
  ];
  const [seen] = toObservations([{ ...person(at(300, 100, 380, 300)), keypoints }], image, zones(), policy);
  expect([...(seen?.joints?.keys() ?? [])]).toEqual([0]);
});
