import { simulate } from './simulate.ts';

const OPTIONS = { seed: 7, days: 1, startMs: Date.UTC(2026, 2, 1), namespace: 'default', timeZone: 'UTC' };

describe('the simulator', () => {
  it('is the same day for the same seed, another for another', () => {
    const beginning = (seed: number) => {
      const ids: string[] = [];
      for (const { id, body } of simulate({ ...OPTIONS, seed }).documents) {
        ids.push(`${id} ${JSON.stringify(body).length}`);
        if (ids.length === 2000) break;
      }
      return ids;
    };
    expect(beginning(7)).toEqual(beginning(7));
    expect(beginning(8)).not.toEqual(beginning(7));
  });
});
