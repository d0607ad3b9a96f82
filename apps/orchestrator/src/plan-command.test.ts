import { planLines } from './plan-command.ts';

describe('what "orchestrator plan" writes', () => {
  const stop = { kind: 'clear_incident', incidentId: 'inc-1' } as const;

  it('is a sentence per action, and one sentence when no action is due', () => {
    expect(planLines([stop], false)).toEqual([expect.stringContaining('inc-1')]);
    expect(planLines([], false)).toEqual([expect.stringContaining('Nothing')]);
  });

  it('is one JSON object for programs, also without actions', () => {
    const [line = '', ...rest] = planLines([stop], true);
    expect([JSON.parse(line), rest]).toEqual([
      { actions: [{ kind: 'clear_incident', text: expect.stringContaining('inc-1') }] },
      [],
    ]);
    expect(planLines([], true)).toEqual(['{"actions":[]}']);
  });
});
