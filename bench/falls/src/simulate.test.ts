import type { Detection } from '@vigilia/vision';
import { shippedDecision } from './fitted-decisions.ts';
import { simulate } from './simulate.ts';

const person = (x1: number, y1: number, x2: number, y2: number): Detection => ({
  classId: 0,
  className: 'person',
  confidence: 0.8,
  box: { x1, y1, x2, y2 },
});
const standing = person(260, 200, 340, 400);
const lying = person(205, 340, 395, 400);

/** A person stands, and lies from `fallsAt` on; gives the seconds that were looked at. */
async function looks(fps: number, fallsAt: number, toSecond: number): Promise<number[]> {
  const seconds: number[] = [];
  const look = async (second: number) => {
    seconds.push(second);
    return { detections: [second < fallsAt ? standing : lying], mirrored: false };
  };
  await simulate(
    { width: 640, height: 480, fromSecond: 0, toSecond, zones: [], look },
    { fps, phase: 0, decision: shippedDecision({ id: 'm', calibration: undefined }) },
  );
  return seconds;
}

// The product is pinned to the same in apps/processor/src/room/burst.test.ts: the figures hold only while both agree.
test('a burst begins three seconds after it was asked for and lasts its fifteen from then on', async () => {
  const seconds = await looks(0.1, 35, 90);
  expect(seconds.slice(0, 6)).toEqual([0, 10, 20, 30, 40, 50]);
  const burst = seconds.filter((second) => second > 50 && second < 70);
  expect(burst[0]).toBe(53);
  expect(burst.at(-1)).toBe(68);
  expect(burst).toHaveLength(31);
  expect(seconds.slice(-3)).toEqual([68, 78, 88]);
});

test('who is looked at more often than a burst would is not looked at less', async () => {
  const seconds = await looks(5, 10, 20);
  expect(seconds).toHaveLength(101);
});
