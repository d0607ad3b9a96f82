import { requires } from '@vigilia/testing';
import { medianAfter, swapModels } from '../test-support/model-swapping.ts';

const swaps = Number(process.env.VIGILIA_SOAK_SWAPS ?? 1000);

requires('ffmpeg')('a processor whose model is changed over and over', () => {
  test(`over ${swaps} swaps the memory of its whole process tree stays where it was after the 20th`, async () => {
    const megabytes = await swapModels(swaps);
    const before = medianAfter(megabytes, 20);
    const places = Array.from({ length: Math.floor(swaps / 20) - 2 }, (_, index) => (index + 2) * 20);
    const curve = places.filter((at) => at % 100 === 0).map((at) => `${at}: ${medianAfter(megabytes, at).toFixed(1)}`);
    process.stdout.write(`resident memory of the tree, MB: 20: ${before.toFixed(1)}, ${curve.join(', ')}\n`);
    for (const at of places) {
      expect(Math.abs(medianAfter(megabytes, at) / before - 1)).toBeLessThan(0.05);
    }
  }, 7_200_000);
});
