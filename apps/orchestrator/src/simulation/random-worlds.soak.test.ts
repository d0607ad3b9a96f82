import fc from 'fast-check';
import { Play } from './play.ts';
import { calmScenarios, operatorScenarios, roughScenarios } from './scenario.ts';

const worlds = Number(process.env.VIGILIA_SOAK_WORLDS ?? 100_000);
const slice = 5000;

/** The full count, in slices with seeds of their own: a failing one is shrunk and printed, to be replayed with `replay.ts`. */
describe('random worlds, the full count', () => {
  const seeds = Array.from({ length: Math.ceil(worlds / slice) }, (_, index) => index + 1);

  it.each(seeds)(
    'everything that can happen, slice %i',
    (seed) => {
      const numRuns = Math.min(slice, worlds - (seed - 1) * slice);
      fc.assert(
        fc.property(roughScenarios, (scenario) => void new Play(scenario).run()),
        { seed, numRuns },
      );
    },
    7_200_000,
  );

  it('operators, falls and restarts close together: what an operator set stands', () => {
    fc.assert(
      fc.property(operatorScenarios, (scenario) => void new Play(scenario).run()),
      { numRuns: Math.min(slice, worlds) },
    );
  }, 7_200_000);

  it('falls and people only: no room is ever unwatched', () => {
    const property = fc.property(calmScenarios, (scenario) => {
      const { world } = new Play(scenario).run();
      const unwatched = world.orchestrator.store.unwatched.report(world.time.monoMs);
      expect(Object.values(unwatched).filter((ms) => ms > 0)).toEqual([]);
    });
    fc.assert(property, { numRuns: Math.min(slice, worlds) });
  }, 7_200_000);
});
