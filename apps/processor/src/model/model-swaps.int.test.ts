import { requires } from '@vigilia/testing';
import { medianAfter, swapModels } from '../test-support/model-swapping.ts';

// the full count, with ± 5 %, is in model-swaps.soak.test.ts: so few swaps are still within the warming up of the heap
requires('ffmpeg')('a processor whose model is changed over and over', () => {
  test('no swap leaves its session behind', async () => {
    const megabytes = await swapModels(25);
    // a session that stayed would be 15 MB or more at each swap
    expect(medianAfter(megabytes.slice(15), 0) - medianAfter(megabytes.slice(5, 15), 0)).toBeLessThan(60);
  });
});
