import { type DesiredRoom, policySchema, type Zone } from '@vigilia/protocol';
import type { Plan } from './action.ts';
import { plan } from './plan.ts';
import { flags, incidentOf, now, processorOf, viewOf } from './testing/views.ts';
import type { ObservedProcessor, View } from './view.ts';

const policy = policySchema.parse({ rooms: { 1: { home: 'processor-a' }, 2: { home: 'processor-a' } } });
const owner = { by: 'operator', command_id: 'c-1', at: flags.at } as const;
const bed: Zone = {
  kind: 'bed',
  points: [
    [0, 0],
    [1, 0],
    [1, 1],
  ],
};

function roomsIn({ actions }: Plan): Readonly<Record<string, DesiredRoom>> | undefined {
  for (const action of actions) {
    if (action.kind === 'publish_rooms') return action.rooms.rooms;
  }
  return undefined;
}

function toldIn({ actions }: Plan): string[] {
  return actions.flatMap((one) => (one.kind === 'command' ? [`${one.instanceId} ${one.command.command}`] : []));
}

const planOf = (view: View) => plan(view, policy, now);

describe('a room that an operator removed', () => {
  const removed = new Map([[1, owner]]);

  it('from its home is desired no longer, and is not given back', () => {
    const view = viewOf({
      processors: [processorOf('processor-a', { 2: 0.1 }, { removed })],
      desired: { 1: 0.1, 2: 0.1 },
    });
    const look = planOf(view);
    expect(Object.keys(roomsIn(look) ?? {})).toEqual(['2']);
    expect(toldIn(look)).toEqual([]);
  });

  it('from the dedicated processor that monitors it is desired no longer', () => {
    const incident = incidentOf(1, { dedicated: 'processor-a_1', watched_by: 'processor-a_1' });
    const dedicated = processorOf('processor-a_1', {}, { role: 'dedicated', incidentId: 'inc-1', removed });
    const view = viewOf({
      processors: [processorOf('processor-a', { 2: 0.1 }), dedicated],
      incidents: [incident],
      desired: { 1: 0.1, 2: 0.1 },
    });
    expect(Object.keys(roomsIn(planOf(view)) ?? {})).toEqual(['2']);
  });

  it('from another home stays desired at its own', () => {
    const processors = [processorOf('processor-a', { 1: 0.1 }), processorOf('processor-b', {}, { removed })];
    expect(roomsIn(planOf(viewOf({ processors, desired: { 1: 0.1 } })))).toBeUndefined();
  });

  it('is given back when a policy names it again after that', () => {
    const home = processorOf('processor-a', { 2: 0.1 }, { removed });
    const view = viewOf({ processors: [home], desired: { 2: 0.1 } });
    const next = policySchema.parse({ rooms: { ...policy.rooms, 1: { home: 'processor-a', name: 'Mrs Alonso' } } });
    const command = { command: 'set_policy', params: { policy: next } } as const;
    const first = planOf({ ...view, inbox: [{ kind: 'request', id: 'r', command }] });
    expect(toldIn(first)).toEqual(['processor-a add_stream']);
    const desired = new Map(Object.entries(roomsIn(first) ?? {}).map(([room, one]) => [Number(room), one]));
    const second = plan({ ...view, desired }, next, now);
    expect(roomsIn(second)).toBeUndefined();
    expect(toldIn(second)).toEqual(['processor-a add_stream']);
  });
});

it('a room that a home lacks without a word of an operator is given back at once: in doubt a room is monitored', () => {
  const view = viewOf({ processors: [processorOf('processor-a', { 2: 0.1 })], desired: { 1: 0.1, 2: 0.1 } });
  expect(toldIn(planOf(view))).toEqual(['processor-a add_stream']);
});

describe('zones that an operator draws', () => {
  const zonesAt = (processor: ObservedProcessor, zones: Zone[]): ObservedProcessor => {
    const streams = [...processor.streams].map(([room, stream]) => {
      return [room, { ...stream, zones, setBy: { ...stream.setBy, zones: owner } }] as const;
    });
    const changes = new Map([['zones', { owner, fields: { zones } }] as const]);
    return { ...processor, streams: new Map(streams), operatorChanges: new Map([[1, changes]]) };
  };

  it('on a dedicated processor belong to the room, and its home gets them', () => {
    const dedicated = zonesAt(processorOf('processor-a_1', { 1: 1 }, { role: 'dedicated', incidentId: 'inc-1' }), [
      bed,
    ]);
    const view = viewOf({
      processors: [processorOf('processor-a', { 1: 0.1 }), dedicated],
      incidents: [incidentOf(1, { dedicated: 'processor-a_1' })],
      desired: { 1: 0.1 },
    });
    const look = planOf(view);
    expect(roomsIn(look)?.['1']?.zones).toEqual([bed]);
    expect(toldIn(look)).toContain('processor-a set_zones');
  });

  it('are left alone at the home that has them', () => {
    const view = viewOf({ processors: [zonesAt(processorOf('processor-a', { 1: 0.1 }), [bed])], desired: { 1: 0.1 } });
    const look = planOf({ ...view, desired: new Map([[1, { home: 'processor-a', max_fps: 0.1, zones: [] }]]) });
    expect(roomsIn(look)?.['1']?.zones).toEqual([bed]);
    expect(toldIn(look)).toEqual([]);
  });
});

describe('a processor that was renamed', () => {
  const renamed = processorOf('processor-z', { 1: 0.1, 2: 0.1 }, { renamedFrom: 'processor-a' });

  it('keeps its rooms and its incidents', () => {
    const look = planOf(viewOf({ processors: [renamed], incidents: [incidentOf(2)], desired: { 1: 0.1, 2: 0.1 } }));
    expect(Object.values(roomsIn(look) ?? {}).map(({ home }) => home)).toEqual(['processor-z', 'processor-z']);
    const incidents = look.actions.flatMap((one) => (one.kind === 'publish_incident' ? [one.incident] : []));
    expect(incidents).toMatchObject([{ home: 'processor-z', watched_by: 'processor-z' }]);
  });

  it('takes nothing from another one that has its former name now', () => {
    const other = processorOf('processor-a', { 1: 0.1, 2: 0.1 });
    const rooms = roomsIn(planOf(viewOf({ processors: [renamed, other], desired: { 1: 0.1, 2: 0.1 } })));
    expect(rooms).toBeUndefined();
  });
});

it('a room that is not desired yet is adopted without the rate that an incident left behind', () => {
  const left = processorOf(
    'processor-a',
    { 3: 0.05 },
    { owners: { 3: { by: 'orchestrator', incident_id: 'x', at: flags.at } } },
  );
  const view = viewOf({ processors: [{ ...left, defaults: { max_fps: 0.2, model_id: 'light' } }] });
  expect(roomsIn(planOf(view))?.['3']).toMatchObject({ home: 'processor-a', max_fps: 0.2, model_id: 'light' });
});
