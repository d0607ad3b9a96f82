import fc from 'fast-check';
import { type CommandView, emptyView, type HouseView } from './view.ts';
import { applyChange, diffViews } from './view-change.ts';

const command = fc.record({ id: fc.string(), to: fc.constantFrom('processors', 'orchestrator') });
const views = fc
  .record({ commands: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), command), connected: fc.boolean() })
  .map(
    ({ commands, connected }): HouseView => ({
      ...emptyView,
      head: { connected, since: '', snapshots: false, faults: [] },
      commands: commands as unknown as Record<string, CommandView>,
    }),
  );

describe('changes between two views', () => {
  it('make the one out of the other', () => {
    fc.assert(
      fc.property(views, views, (before, after) => {
        const change = diffViews(before, after);
        expect(change === undefined ? before : applyChange(before, change)).toEqual(after);
      }),
    );
  });

  it('leave what did not change as it is, so that the page draws only what is new', () => {
    const a = { id: 'a' } as CommandView;
    const b = { id: 'b' } as CommandView;
    const before = { ...emptyView, commands: { a } };
    const change = diffViews(before, { ...emptyView, commands: { a: { ...a }, b } });
    expect(change).toEqual({ commands: { b } });
    expect(applyChange(before, change ?? {}).commands.a).toBe(a);
  });
});
