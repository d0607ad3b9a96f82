import { requires } from '@vigilia/testing';
import { figuresOf, runBench } from './run-bench.mjs';

/** As short as can be: what is checked is that each benchmark can be run and takes its figures, not what they are. */
requires(
  'ffmpeg',
  'data',
  'model',
)('the benchmarks of the processor', () => {
  it.each([
    ['rest', 5],
    ['frame', 1],
    ['saturated', 1],
    ['growth', 2],
    ['reconfiguration', 1],
  ])('%s gives finite figures with a goal', async (name, figures) => {
    const result = await runBench(name, { quick: true, brief: true });
    expect(result).toMatchObject({ bench: name, goal: expect.stringMatching(/^[≤≥] [\d.]+$/) });
    expect(Object.keys(result.detail).length).toBeGreaterThan(2);
    expect(figuresOf(result)).toHaveLength(figures);
    for (const { ratio } of figuresOf(result)) {
      expect(ratio).toBeGreaterThan(0);
    }
  });
});
