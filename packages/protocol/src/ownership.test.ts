import { authorOf } from './ownership.ts';

const leader = { instance_id: 'orchestrator', term: 1 };

describe('the author of a command', () => {
  it('is an operator when the command states none, as one typed by hand', () => {
    expect(authorOf({})).toEqual({ by: 'operator' });
  });

  it('is an operator whatever the command claims, unless it shows the term of an orchestrator', () => {
    expect(authorOf({ author: { by: 'orchestrator', incident_id: 'inc-1' } })).toEqual({ by: 'operator' });
    expect(authorOf({ author: { by: 'policy' } })).toEqual({ by: 'operator' });
  });

  it('is what a leading orchestrator states, and the orchestrator itself when an earlier version states nothing', () => {
    const author = { by: 'orchestrator', incident_id: 'inc-1' } as const;
    expect(authorOf({ author, leader })).toEqual(author);
    expect(authorOf({ leader })).toEqual({ by: 'orchestrator' });
  });
});
