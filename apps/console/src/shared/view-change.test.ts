import fc from 'fast-check';
import { type EventView, emptyView, type HouseView } from './view.ts';
import { applyChange, diffViews } from './view-change.ts';

const event = fc.record({ event_id: fc.string(), severity: fc.constantFrom('info', 'critical') });
const views = fc
  .record({ events: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), event), connected: fc.boolean() })
  .map(
    ({ events, connected }): HouseView => ({
      ...emptyView,
      head: { connected, since: '', snapshots: false },
      events: events as unknown as Record<string, EventView>,
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
    const a = { event_id: 'a' } as EventView;
    const b = { event_id: 'b' } as EventView;
    const before = { ...emptyView, events: { a } };
    const change = diffViews(before, { ...emptyView, events: { a: { ...a }, b } });
    expect(change).toEqual({ events: { b } });
    expect(applyChange(before, change ?? {}).events.a).toBe(a);
  });
});
