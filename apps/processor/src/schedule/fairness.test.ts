import { pickRoom } from './pick-room.ts';
import { type Claim, joinSchedule, type RoomSchedule, served } from './room-schedule.ts';

interface Demand {
  readonly fps: number;
  readonly claim?: Claim;
  /** Time between frames, ms; 40 by default. */
  readonly pictures?: number;
}

/** Plays a model that takes `costMs` a frame for `seconds`, for rooms whose cameras all work. Answers results a room. */
function simulate(demands: readonly Demand[], costMs: number, seconds: number) {
  const rooms = new Map<number, RoomSchedule>();
  const results = demands.map((): number[] => []);
  const analysed = demands.map(() => -1);
  for (const [id, { fps, claim = 'quiet' }] of demands.entries()) {
    rooms.set(id, joinSchedule(0, { intervalMs: 1000 / fps, claim }));
  }
  const candidates = (now: number) =>
    [...rooms].flatMap(([id, room]) => {
      const between = demands[id]?.pictures ?? 40;
      const frameMs = Math.floor(now / between) * between;
      const last = analysed[id] ?? -1;
      if (frameMs <= last) return [];
      const waitingSinceMs = last < 0 ? 0 : (Math.floor(last / between) + 1) * between;
      return [{ id, room, offer: { frameMs, waitingSinceMs, frameIntervalMs: between } }];
    });
  for (let now = 0; now < seconds * 1000; ) {
    const decision = pickRoom(candidates(now), now);
    if (!('pick' in decision)) {
      now += 5;
      continue;
    }
    const { id, room, offer } = decision.pick;
    rooms.set(id, served(room, offer, now));
    analysed[id] = offer.frameMs;
    now += costMs;
    results[id]?.push(now);
  }
  const shares = demands.map(({ fps }, id) => (results[id]?.length ?? 0) / (fps * seconds));
  const gaps = results.map((times) => Math.max(...times.slice(1).map((time, i) => time - (times[i] ?? 0))));
  return { shares, gaps, skipped: [...rooms.values()].map((room) => room.skipped) };
}

test('enough CPU: every room gets its rate, the largest gap stays under 1.5 intervals and nothing is skipped', () => {
  const demands = [...Array(8)].map(() => ({ fps: 0.5, pictures: 2000 }));
  const { shares, gaps, skipped } = simulate(demands, 90, 120);
  expect(Math.min(...shares)).toBeGreaterThan(0.98);
  expect(Math.max(...gaps)).toBeLessThan(3000);
  expect(skipped).toEqual(demands.map(() => 0));
});

test('different rates side by side keep theirs', () => {
  const { shares } = simulate([{ fps: 5 }, { fps: 1 }, { fps: 0.1 }, { fps: 0.1 }], 90, 200);
  expect(Math.min(...shares)).toBeGreaterThan(0.97);
});

test('CPU short by half: equal rooms get equal parts, and what they miss is counted', () => {
  const { shares, skipped } = simulate(
    [...Array(4)].map(() => ({ fps: 5 })),
    100,
    100,
  );
  for (const share of shares) {
    expect(share).toBeCloseTo(0.5, 1);
  }
  for (const one of skipped) {
    expect(one).toBeGreaterThan(200);
  }
});

test('CPU short: a burst comes first, then rooms with people, and the quiet ones go on', () => {
  const { shares } = simulate(
    [{ fps: 5, claim: 'burst' }, { fps: 5, claim: 'people' }, { fps: 5 }, { fps: 5 }],
    100,
    100,
  );
  const [burst = 0, people = 0, ...quiet] = shares;
  expect(burst).toBeGreaterThan(people);
  for (const share of quiet) {
    expect(people).toBeGreaterThan(share);
  }
});

test.each([60, 80, 100, 150, 250, 600])(
  'at %i ms per frame no room falls below half its rate while another gets all of its own',
  (costMs) => {
    const mixes: Demand[][] = [
      [{ fps: 5, claim: 'burst' }, ...[...Array(7)].map(() => ({ fps: 1 }))],
      [
        { fps: 3, claim: 'burst' },
        { fps: 3, claim: 'burst' },
        { fps: 1, claim: 'people' },
        { fps: 1 },
        { fps: 0.5, pictures: 2000 },
      ],
      [{ fps: 10 }, { fps: 0.1, pictures: 2000 }, { fps: 0.1, claim: 'people' }, { fps: 2 }],
    ];
    for (const demands of mixes) {
      const { shares } = simulate(demands, costMs, 300);
      if (shares.some((share) => share > 0.97)) {
        expect(Math.min(...shares)).toBeGreaterThan(0.48);
      }
    }
  },
);

test('a burst on a machine that is far too slow leaves no quiet room unwatched', () => {
  const quiet = [...Array(7)].map(() => ({ fps: 0.1, pictures: 1000 }));
  const { gaps } = simulate([{ fps: 5, claim: 'burst' }, ...quiet.slice(0, 3)], 2000, 300);
  expect(Math.max(...gaps.slice(1))).toBeLessThan(16_000);
});
