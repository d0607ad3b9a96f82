import { Ledger } from './ledger.ts';

const error = { code: 'timeout', message: 'no answer' };

describe('the ledger of acts', () => {
  it('puts off a failed act for one second, doubling up to thirty', () => {
    const ledger = new Ledger();
    const pauses: number[] = [];
    for (let count = 0; count < 7; count += 1) {
      ledger.begin('add:a:2');
      ledger.fail('add:a:2', error, 0);
      pauses.push(ledger.failures.get('add:a:2')?.retryAtMs ?? -1);
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('leaves the pauses of a spawn to the planner, whose memory outlasts a crash', () => {
    const ledger = new Ledger();
    ledger.fail('spawn:i', error, 500);
    expect(ledger.failures.get('spawn:i')?.retryAtMs).toBe(500);
  });

  it('forgets the failures of an act that succeeded, and those that nobody repeats', () => {
    const ledger = new Ledger();
    ledger.fail('a', error, 0);
    ledger.succeed('a');
    ledger.fail('b', error, 0);
    ledger.fail('c', error, 700_000);
    expect([...ledger.failures.keys()]).toEqual(['c']);
  });

  it('knows what is under way', () => {
    const ledger = new Ledger();
    ledger.begin('a');
    expect(ledger.pending.has('a')).toBe(true);
    ledger.succeed('a');
    expect(ledger.pending.has('a')).toBe(false);
  });
});
