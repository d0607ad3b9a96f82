import fc from 'fast-check';
import { SimWorld } from './sim-world.ts';
import { until } from './until.ts';

/** In the middle of an incident, when room 2 has just been handed over. */
function cut(seed: number, options: ConstructorParameters<typeof SimWorld>[0]): SimWorld {
  const world = new SimWorld({ seed, ...options }).start();
  world.house.fall(2);
  until(world, 'the hand-over', () => world.incidents()[0]?.watched_by === 'processor-a_1', 120_000);
  world.run(seed % 700);
  world.powerCut();
  world.run(1000);
  return world;
}

describe('a power cut in the middle of an incident', () => {
  it.each([
    ['containers that the engine starts again', { containers: true }],
    ['processes that are not started again', {}],
    ['containers that take long to start', { containers: true, startsWithinMs: [5000, 30_000] }],
    ['processes that take long to start', { startsWithinMs: [5000, 30_000] }],
  ] as const)('%s: the room is soon with one dedicated processor again', (_, options) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const world = cut(seed, options);
        until(
          world,
          'the watch',
          () =>
            /^processor-a_\d$/.test(world.incidents()[0]?.watched_by ?? '') &&
            world.watchers(2).join() === world.incidents()[0]?.watched_by,
          200_000,
        );

        expect(world.runtime.instances.filter(({ alive }) => alive)).toHaveLength(1);
      }),
      { numRuns: 25 },
    );
  });
});
