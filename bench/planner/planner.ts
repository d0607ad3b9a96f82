import { SimWorld } from '../../apps/orchestrator/src/simulation/sim-world.ts';
import type { Bench } from '../lib/bench-result.ts';
import { median, quantile, round } from '../lib/numbers.ts';

const goalMs = 20;
const roomsPerHome = 20;
/** Four times the rooms may take this many times as long: linear, and something for what is measured badly. */
const growthGoal = '≤ 5';

/**
 * One look of the planner at a quiet house and at one with falls: the median of its time with 1,000 rooms and 50 processors
 * over the 20 ms that it may take, and how that grows from 250 rooms on (4 = as the rooms do).
 */
export const planner: Bench = async ({ quick, say }) => {
  const looks = quick ? 50 : 300;
  const sizes = [250, 500, 1000].map((rooms) => {
    const homes = Array.from({ length: rooms / roomsPerHome }, (_, home) => {
      const ids = Array.from({ length: roomsPerHome }, (_, room) => home * roomsPerHome + room);
      return [`processor-${home}`, ids] as const;
    });
    const world = new SimWorld({ homes: Object.fromEntries(homes) }).start();
    say(`${rooms} rooms`);
    const quiet = timesOf(world, looks);
    for (const room of [1, 101]) {
      world.house.fall(room);
    }
    world.run(40_000);
    return { rooms, quiet, falls: timesOf(world, looks), open: world.incidents().length };
  });
  const [small, , large] = sizes;
  const worst = median(large?.falls ?? []);
  const told = sizes.map(({ rooms, quiet, falls, open }) => ({
    rooms,
    quiet_ms: round(median(quiet)),
    incidents: open,
    with_incidents_ms: round(median(falls)),
    with_incidents_p95_ms: round(quantile(falls, 0.95)),
  }));
  const growth = round(median(large?.falls ?? []) / median(small?.falls ?? []));
  const more = [{ bench: 'planner, 1,000 rooms over 250', goal: growthGoal, ratio: growth }];
  const detail = { goal_ms: goalMs, median_ms: round(worst), sizes: told };
  return { bench: 'planner', goal: '≤ 1', ratio: round(worst / goalMs, 3), more, detail };
};

function timesOf(world: SimWorld, looks: number): number[] {
  for (let warm = 0; warm < 10; warm++) {
    world.orchestrator.plan();
  }
  return Array.from({ length: looks }, () => {
    const began = performance.now();
    world.orchestrator.plan();
    return performance.now() - began;
  });
}
