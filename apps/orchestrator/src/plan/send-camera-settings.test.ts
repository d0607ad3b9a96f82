import { type DesiredRoom, policySchema } from '@vigilia/protocol';
import { plan } from './plan.ts';
import { flags, incidentOf, now, nowMs, processorOf, viewOf } from './testing/views.ts';
import type { ObservedProcessor, StreamView, View } from './view.ts';

const policy = policySchema.parse({ rooms: { 2: { home: 'processor-a' } } });

function withStream(processor: ObservedProcessor, change: Partial<StreamView>): ObservedProcessor {
  const streams = [...processor.streams].map(([room, stream]) => [room, { ...stream, ...change }] as const);
  return { ...processor, streams: new Map(streams) };
}

/** What each processor is sent about room 2's camera. */
function told(
  processors: readonly ObservedProcessor[],
  room: Partial<DesiredRoom>,
  more: Partial<View> = {},
): unknown[] {
  const incidents = processors.length > 1 ? [incidentOf(2, { dedicated: 'processor-a_1' })] : [];
  const view = viewOf({ processors, incidents, desired: { 2: 0.1 } });
  const desired = new Map([[2, { home: 'processor-a', max_fps: 0.1, ...room }]]);
  return plan({ ...view, desired, ...more }, policy, now).actions.flatMap((action) =>
    action.kind === 'command' && action.command.command === 'set_camera'
      ? [[action.instanceId, action.command.params]]
      : [],
  );
}

const home = processorOf('processor-a', { 2: 0.1 });
const dedicated = processorOf('processor-a_1', { 2: 1 }, { role: 'dedicated', incidentId: 'inc-2' });

it('each processor that monitors a room learns how its frames are corrected, a dedicated one too', () => {
  const room = { aspect: '16:9', rotate: 90 } as const;
  const params = { source_id: 2, ...room };
  expect(told([home], room)).toEqual([['processor-a', params]]);
  expect(told([home, dedicated], room)).toContainEqual(['processor-a_1', params]);
});

it('a processor that corrects the picture already is left alone', () => {
  expect(told([withStream(home, { aspect: '16:9', rotate: 90 })], { aspect: '16:9', rotate: 90 })).toEqual([]);
  expect(told([home], { rotate: 0 })).toEqual([]);
  expect(told([withStream(home, { rotate: 90 })], {})).toEqual([]);
});

it('a correction that was taken back is sent', () => {
  expect(told([withStream(home, { rotate: 90 })], { rotate: 0 })).toEqual([
    ['processor-a', { source_id: 2, rotate: 0 }],
  ]);
});

it('a processor that refused it is not asked again and again', () => {
  const failure = { count: 1, code: 'internal', message: 'x', lastMs: nowMs, retryAtMs: nowMs + 60_000 };
  const failures = new Map([['camera:processor-a:2', failure]]);
  expect(told([home], { rotate: 90 }, { failures })).toEqual([]);
});

it('an operator’s set_camera becomes what is desired, and null takes the aspect back', () => {
  const owner = { by: 'operator', command_id: 'c', at: flags.at } as const;
  const changes = new Map([
    ['aspect', { owner, fields: { aspect: undefined } }],
    ['rotate', { owner, fields: { rotate: 270 } }],
  ] as const);
  const turned = withStream(home, { rotate: 270, setBy: { aspect: owner, rotate: owner } });
  const view = viewOf({ processors: [{ ...turned, operatorChanges: new Map([[2, changes]]) }], desired: { 2: 0.1 } });
  const desired = new Map([[2, { home: 'processor-a', max_fps: 0.1, aspect: '16:9' }]]);
  const { actions } = plan({ ...view, desired }, policy, now);
  const written = actions.find((action) => action.kind === 'publish_rooms');
  expect(written?.rooms.rooms['2']).toMatchObject({ max_fps: 0.1, rotate: 270 });
  expect(written?.rooms.rooms['2']).not.toHaveProperty('aspect');
  expect(actions.filter(({ kind }) => kind === 'command')).toEqual([]);
});
