import { policySchema, type Zone } from '@vigilia/protocol';
import { plan } from './plan.ts';
import { incidentOf, now, nowMs, processorOf, viewOf } from './testing/views.ts';
import type { ObservedProcessor } from './view.ts';

const policy = policySchema.parse({ rooms: { 2: { home: 'processor-a' } } });

/** Who is asked to let go of room 2, which home and dedicated one both have. */
function letsGo(dedicated: Partial<ObservedProcessor>): string[] {
  const home = processorOf('processor-a', { 2: 0.1 });
  const one = processorOf('processor-a_1', { 2: 1 }, { role: 'dedicated', incidentId: 'inc-2', ...dedicated });
  const incidents = [incidentOf(2, { dedicated: 'processor-a_1' })];
  const { actions } = plan(viewOf({ processors: [home, one], incidents, desired: { 2: 0.1 } }), policy, now);
  return actions.flatMap((action) =>
    action.kind === 'command' && action.command.command === 'remove_stream' ? action.instanceId : [],
  );
}

const seen = (sinceMs: number, lastMs: number): Partial<ObservedProcessor> => ({
  seenSince: new Map([[2, nowMs - sinceMs]]),
  detections: new Map([[2, nowMs - lastMs]]),
});

describe('home lets go of a room', () => {
  it('when the dedicated one has been seen to go on: its next frame may come late, and by then no other analyses the room', () => {
    expect(letsGo(seen(100, 100))).toEqual([]);
    expect(letsGo(seen(200, 100))).toEqual([]);
    expect(letsGo(seen(1100, 100))).toEqual(['processor-a']);
  });

  it('never to one that was not heard since the connection: it may be a life before', () => {
    expect(letsGo({ ...seen(1100, 100), confirmed: false })).toEqual([]);
  });

  it('not to one that has lost sight of it', () => {
    expect(letsGo(seen(20_000, 8000))).toEqual([]);
  });
});

it('the way home is part of the story of an incident that wants nothing any more, with settings that are the policy’s again', () => {
  const home = processorOf('processor-a', {});
  const one = processorOf('processor-a_1', { 2: 1 }, { role: 'dedicated', incidentId: 'inc-2', ...seen(60_000, 100) });
  const incident = incidentOf(2, { state: 'closing', dedicated: 'processor-a_1' });
  const { actions } = plan(
    viewOf({ processors: [home, one], incidents: [incident], desired: { 2: 0.1 } }),
    policy,
    now,
  );
  expect(actions).toContainEqual(
    expect.objectContaining({
      command: expect.objectContaining({ command: 'add_stream' }),
      instanceId: 'processor-a',
      traceId: incident.trace_id,
      author: { by: 'policy' },
    }),
  );
});

describe('a room whose processor refuses it', () => {
  const points: Zone['points'] = [
    [0.1, 0.1],
    [0.4, 0.1],
    [0.4, 0.4],
  ];
  const bed: Zone = { kind: 'bed', points };
  const thing: Zone = { kind: 'thing', points };

  /** The zones of the `add_stream` that follows these failures. */
  function givenZones(code?: string): unknown {
    const failure = { count: 1, code: code ?? '', message: '', lastMs: 0, retryAtMs: 0 };
    const failures = new Map(code === undefined ? [] : [['add:processor-a:2', failure]]);
    const view = viewOf({ processors: [processorOf('processor-a', {})], desired: { 2: 0.1 }, failures });
    const room = { home: 'processor-a', zones: [bed, thing] };
    const { actions } = plan({ ...view, desired: new Map([[2, room]]) }, policy, now);
    return actions.flatMap((action) =>
      action.kind === 'command' && action.command.command === 'add_stream' ? [action.command.params.zones] : [],
    );
  }

  it.each(['invalid_params', 'model_not_found'])(
    'is given without its learned things after %s, because an earlier version does not know them: watched beats unwatched',
    (code) => {
      expect(givenZones()).toEqual([[bed, thing]]);
      expect(givenZones(code)).toEqual([[bed]]);
    },
  );
});
