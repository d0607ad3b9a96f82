import { ActProgress } from './act-progress.ts';

const error = { code: 'timeout', message: 'no answer' };

describe('the progress of acts', () => {
  it('puts off a failed act for one second, doubling up to thirty', () => {
    const progress = new ActProgress();
    const pauses: number[] = [];
    for (let count = 0; count < 7; count += 1) {
      progress.begin('add:a:2');
      progress.fail('add:a:2', error, 0);
      pauses.push(progress.failures.get('add:a:2')?.retryAtMs ?? -1);
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('leaves the pauses of a spawn to the planner, whose memory outlasts a crash', () => {
    const progress = new ActProgress();
    progress.fail('spawn:i', error, 500);
    expect(progress.failures.get('spawn:i')?.retryAtMs).toBe(500);
  });

  it('forgets the failures of an act that succeeded, and those that were not repeated', () => {
    const progress = new ActProgress();
    progress.fail('a', error, 0);
    progress.succeed('a');
    progress.fail('b', error, 0);
    progress.fail('c', error, 700_000);
    expect([...progress.failures.keys()]).toEqual(['c']);
  });

  it('has an act under way from its beginning until it succeeds, so that no round begins it twice', () => {
    const progress = new ActProgress();
    progress.begin('a');
    expect(progress.pending.has('a')).toBe(true);
    progress.succeed('a');
    expect(progress.pending.has('a')).toBe(false);
  });
});
