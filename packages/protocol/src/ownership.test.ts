import { authorOf, ownerOfCommand, withRestoredOwners } from './ownership.ts';

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

describe('the owner of a setting', () => {
  const at = '2026-01-01T00:00:00.000Z';
  const restores = { max_fps: { command_id: 'c-1', at: '2025-12-31T00:00:00.000Z' } };
  const owner = ownerOfCommand({ by: 'policy', restores }, { command_id: 'c-2', at });

  it('is the author of the command that set it', () => {
    expect(owner).toEqual({ by: 'policy', command_id: 'c-2', at });
    expect(withRestoredOwners({ max_fps: owner }, owner, undefined)).toEqual({ max_fps: owner });
  });

  it('is the operator again, with the first command, where the orchestrator gives back what an operator chose', () => {
    const operator = { by: 'operator', command_id: 'c-1', at: '2025-12-31T00:00:00.000Z', restored: true };
    const setBy = withRestoredOwners({ max_fps: owner, model_id: owner }, owner, restores);
    expect(setBy).toEqual({ max_fps: operator, model_id: owner });
  });

  it('stays another one where the command did not name the setting', () => {
    const flags = { by: 'flags', at } as const;
    expect(withRestoredOwners({ max_fps: flags }, owner, restores)).toEqual({ max_fps: flags });
  });
});
