import { type DesiredRoom, policySchema, withoutUndefined } from '@vigilia/protocol';
import { plan } from './plan.ts';
import { now, processorOf, viewOf } from './testing/views.ts';

/** What becomes desired of room 2 under a policy that names its ward so. */
function desiredWard(ward: string | undefined, before: string | undefined): string {
  const policy = policySchema.parse({ rooms: { 2: withoutUndefined({ home: 'processor-a', ward }) } });
  const view = viewOf({ processors: [processorOf('processor-a', { 2: 0.1 })], desired: { 2: 0.1 } });
  const room: DesiredRoom = withoutUndefined({ home: 'processor-a', max_fps: 0.1, ward: before });
  const { actions } = plan({ ...view, desired: new Map([[2, room]]) }, policy, now);
  const written = actions.flatMap((action) => (action.kind === 'publish_rooms' ? [action.rooms.rooms] : []));
  return written.length === 0 ? 'not written' : (written[0]?.['2']?.ward ?? 'none');
}

it('a ward that the policy names later reaches rooms that were seeded without one', () => {
  expect(desiredWard('Ward 2', undefined)).toBe('Ward 2');
  expect(desiredWard('Ward 3', 'Ward 2')).toBe('Ward 3');
});

it('a ward that the policy no longer names is taken from the room', () => {
  expect(desiredWard(undefined, 'Ward 2')).toBe('none');
});

it('a ward that is right already is not written again', () => {
  expect(desiredWard('Ward 2', 'Ward 2')).toBe('not written');
});
