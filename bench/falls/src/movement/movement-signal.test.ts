import { MovementSignal, type PacketSeen } from './movement-signal.ts';
import { RequestBudget } from './request-budget.ts';

const fps = 10;

/** Seconds at which a movement was seen to end, of a minute of packets. */
function ends(packetAt: (second: number, count: number) => Omit<PacketSeen, 'at'>): number[] {
  const signal = new MovementSignal();
  return Array.from({ length: 60 * fps }, (_, count) =>
    signal.add({ at: count / fps, ...packetAt(count / fps, count) }),
  )
    .filter((moment) => moment?.ended === true)
    .map((moment) => moment?.at ?? 0);
}

const moves = (second: number): boolean => second >= 30 && second < 32;
const noise = (count: number): number => 1000 + 20 * (count % 7);

describe('the end of a movement', () => {
  test('is seen once, a second after it, where packets grow', () => {
    const [at = 0, ...more] = ends((second, count) => ({
      key: false,
      quantiser: 28,
      bytes: noise(count) * (moves(second) ? 3 : 1),
    }));
    expect(at).toBeGreaterThanOrEqual(32.5);
    expect(at).toBeLessThanOrEqual(34);
    expect(more).toEqual([]);
  });

  test('is seen at a constant bit rate, where only the quantiser grows', () => {
    expect(
      ends((second, count) => ({ key: false, bytes: noise(count), quantiser: moves(second) ? 36 : 28 })),
    ).toHaveLength(1);
  });

  test('is not seen in noise, in keyframes, or before the camera is known', () => {
    expect(ends((_, count) => ({ key: false, quantiser: 28, bytes: noise(count) }))).toEqual([]);
    expect(
      ends((_, count) => ({ key: count % 20 === 0, quantiser: 28, bytes: count % 20 === 0 ? 30_000 : noise(count) })),
    ).toEqual([]);
    expect(
      ends((second, count) => ({
        key: false,
        quantiser: 28,
        bytes: noise(count) * (second > 5 && second < 7 ? 3 : 1),
      })),
    ).toEqual([]);
  });
});

test('a room has three more frames at once, and one more in two and a half minutes', () => {
  const budget = new RequestBudget();
  expect([0, 1, 2, 3].map((at) => budget.spend(at))).toEqual([true, true, true, false]);
  expect([100, 150, 151].map((at) => budget.spend(at))).toEqual([false, true, false]);
});
