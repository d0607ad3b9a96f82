import fc from 'fast-check';
import { Play } from './play.ts';
import { calmScenarios, operatorScenarios, roughScenarios } from './scenario.ts';

/** Quick bounds; `npm run soak` plays the full count. A failing world is shrunk and printed, to be replayed with `replay.ts`. */
describe('random worlds', () => {
  it('with falls and people only: no room is ever unwatched', () => {
    fc.assert(
      fc.property(calmScenarios, (scenario) => {
        const { world } = new Play(scenario).run();
        const unwatched = world.orchestrator.store.unwatched.report(world.time.monoMs);
        expect(Object.entries(unwatched).filter(([, ms]) => ms > 0)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it('with operators, falls and restarts close together: what an operator set stands', () => {
    fc.assert(
      fc.property(operatorScenarios, (scenario) => void new Play(scenario).run()),
      { numRuns: 60 },
    );
  }, 240_000);

  it('with every crash, loss and doubling: the promises hold', () => {
    fc.assert(
      fc.property(roughScenarios, (scenario) => void new Play(scenario).run()),
      { numRuns: 60 },
    );
  }, 240_000);
});
