import {
  type DesiredRoom,
  type FollowedCommand,
  type Override,
  policySchema,
  type SettingOwner,
  withoutUndefined,
} from '@vigilia/protocol';
import type { Action } from './action.ts';
import { plan } from './plan.ts';
import { flags, incidentOf, now, nowMs, processorOf, viewOf } from './testing/views.ts';
import type { ObservedProcessor } from './view.ts';

const policy = policySchema.parse({
  relief: { max_fps: 0.05 },
  rooms: { 1: { home: 'processor-a' }, 2: { home: 'processor-a' } },
});

const at = flags.at;
const operator = (command_id: string): SettingOwner => ({ by: 'operator', command_id, at });
const ofIncident: SettingOwner = { by: 'orchestrator', incident_id: 'inc-2', at };
const command = (command_id: string, during?: string[]): FollowedCommand =>
  withoutUndefined({ command_id, instance_id: 'processor-a', at, during });
const override = (before: number, set: number): Override => ({
  instance_id: 'processor-a',
  source_id: 1,
  field: 'max_fps',
  before,
  set,
});

interface Look {
  /** What room 1 has at its home, and who set it; unstated: by a processor of an earlier version. */
  readonly rate: number;
  readonly owner: SettingOwner | 'unstated';
  readonly desired: number;
  /** The operator's command that the desired rate follows. */
  readonly followed?: FollowedCommand;
  readonly incident?: 'open' | 'closing' | 'none';
  readonly overrides?: Override[];
  readonly home?: Partial<ObservedProcessor>;
  readonly homeOfRoom?: string;
}

/** What a look makes of room 1 at its home while room 2 has an incident. */
function lookedAt(o: Look) {
  const { rate, owner, desired, followed, incident = 'open', overrides = [], homeOfRoom = 'processor-a' } = o;
  const base = processorOf('processor-a', { 1: rate, 2: 0.1 }, owner === 'unstated' ? {} : { owners: { 1: owner } });
  const streams = [...base.streams].map(([room, stream]) => {
    const stated = room === 1 && owner === 'unstated' ? undefined : stream.setBy;
    return [room, { ...stream, setBy: stated }] as const;
  });
  const stated = owner !== 'unstated' && owner.by === 'operator' ? { owner, fields: { max_fps: rate } } : undefined;
  const operatorChanges = new Map(stated && [[1, new Map([['max_fps', stated] as const])]]);
  const view = viewOf({
    processors: [{ ...base, streams: new Map(streams), operatorChanges, ...o.home }],
    incidents: incident === 'none' ? [] : [incidentOf(2, { state: incident, overrides })],
  });
  const room: DesiredRoom = withoutUndefined({
    home: homeOfRoom,
    max_fps: desired,
    followed: followed === undefined ? undefined : { max_fps: followed },
  });
  const rooms = new Map<number, DesiredRoom>([
    [1, room],
    [2, { home: 'processor-a', max_fps: 0.1 }],
  ]);
  const { actions } = plan({ ...view, desired: rooms }, policy, now);
  return { told: toldIn(actions), overrides: overridesIn(actions) ?? overrides, desired: desiredIn(actions) };
}

function toldIn(actions: readonly Action[]): unknown {
  for (const action of actions) {
    if (action.kind !== 'command' || action.key !== 'fps:processor-a:1') continue;
    const { max_fps } = action.command.params as { max_fps: number };
    return { max_fps, by: action.author };
  }
  return undefined;
}

function overridesIn(actions: readonly Action[]): readonly Override[] | undefined {
  for (const action of actions) {
    if (action.kind === 'publish_incident') return action.incident.overrides;
  }
  return undefined;
}

function desiredIn(actions: readonly Action[]): DesiredRoom | undefined {
  for (const action of actions) {
    if (action.kind === 'publish_rooms') return action.rooms.rooms['1'];
  }
  return undefined;
}

const relief = { max_fps: 0.05, by: { by: 'orchestrator', incident_id: 'inc-2' } };
const restored = (max_fps: number) => ({ max_fps, by: { by: 'policy' } });
/** The rate of an operator's command, which the home will state as its owner again. */
const givenBack = (max_fps: number, command_id: string, since = at) => ({
  max_fps,
  by: { by: 'policy', restores: { max_fps: { command_id, at: since } } },
});

describe('relief of a home', () => {
  it.each([
    ['the flags', flags, undefined],
    ['the policy', { by: 'policy', at } as const, undefined],
    ['an operator before the incident', operator('c-1'), command('c-1')],
    ['an earlier incident', { by: 'orchestrator', incident_id: 'inc-9', at } as const, undefined],
  ])('lowers a rate that was set by %s, and records what is desired', (_, owner, followed) => {
    const look = lookedAt(
      withoutUndefined({ rate: 0.3, owner, desired: 0.3, followed: followed ? followed : undefined }),
    );
    expect(look).toEqual({ told: relief, overrides: [override(0.3, 0.05)], desired: undefined });
  });

  it('is applied again to a home that was restarted in the middle of the incident', () => {
    const overrides = [override(0.1, 0.05)];
    expect(lookedAt({ rate: 0.3, owner: flags, desired: 0.1, overrides })).toMatchObject({ told: relief, overrides });
  });

  it('records what it changes although the flags are its rate already, so that the desired rate comes back', () => {
    expect(lookedAt({ rate: 0.05, owner: flags, desired: 0.1 })).toMatchObject({
      told: undefined,
      overrides: [override(0.1, 0.05)],
    });
    expect(lookedAt({ rate: 0.05, owner: flags, desired: 0.1, incident: 'none' })).toMatchObject({
      told: restored(0.1),
    });
  });

  it.each([0.05, 0.02])('does not change a room whose desired rate is %d', (desired) => {
    expect(lookedAt({ rate: 0.3, owner: flags, desired })).toMatchObject({ told: restored(desired), overrides: [] });
  });

  it('gives an operator the rate back together with the command, so that the home states who chose it', () => {
    const look = lookedAt({
      rate: 0.05,
      owner: ofIncident,
      desired: 0.3,
      followed: command('c-1'),
      incident: 'closing',
    });
    expect(look.told).toEqual(givenBack(0.3, 'c-1'));
  });

  it('gives back as the policy what a later policy changed', () => {
    const followed = { ...command('c-1'), superseded: true } as const;
    const look = lookedAt({ rate: 0.05, owner: ofIncident, desired: 0.1, followed, incident: 'closing' });
    expect(look.told).toEqual(restored(0.1));
  });

  it('is lifted when its incident closes, and recorded until it is', () => {
    const look = lookedAt({ rate: 0.05, owner: ofIncident, desired: 0.1, incident: 'closing' });
    expect(look).toMatchObject({ told: restored(0.1), overrides: [override(0.1, 0.05)] });
    const lifted = lookedAt({ rate: 0.1, owner: { by: 'policy', at }, desired: 0.1, incident: 'closing' });
    expect(lifted).toMatchObject({ told: undefined, overrides: [] });
  });

  it('is lifted also where nothing but the home remembers the incident', () => {
    expect(lookedAt({ rate: 0.05, owner: ofIncident, desired: 0.1, incident: 'none' }).told).toEqual(restored(0.1));
  });
});

describe('a rate that an operator sets during an incident', () => {
  const during = command('c-1', ['inc-2']);

  it.each([0.3, 0.1, 0.05])('of %d becomes what is desired, and the incident leaves it alone', (rate) => {
    const look = lookedAt({ rate, owner: operator('c-1'), desired: 0.2, overrides: [override(0.2, 0.05)] });
    expect(look).toEqual({
      told: undefined,
      overrides: [],
      desired: { home: 'processor-a', max_fps: rate, followed: { max_fps: during } },
    });
  });

  it('that is the rate of relief stays when the incident is over', () => {
    const look = lookedAt({ rate: 0.05, owner: operator('c-1'), desired: 0.05, followed: during, incident: 'none' });
    expect(look).toEqual({ told: undefined, overrides: [], desired: undefined });
  });

  it.each([
    ['its home was restarted', flags],
    ['a command of the incident crossed it', ofIncident],
  ])('is restored when %s', (_, owner) => {
    expect(lookedAt({ rate: 0.1, owner, desired: 0.3, followed: during }).told).toEqual(givenBack(0.3, 'c-1'));
  });

  it('is lowered by an incident that begins later', () => {
    const look = lookedAt({ rate: 0.3, owner: operator('c-1'), desired: 0.3, followed: command('c-1', ['inc-1']) });
    expect(look.told).toEqual(relief);
  });
});

describe('a setting that the orchestrator leaves alone', () => {
  it('is an operator’s that only a retained status states: the processor is asked first', () => {
    const look = lookedAt({ rate: 0.3, owner: operator('c-1'), desired: 0.1, home: { operatorChanges: new Map() } });
    expect(look).toEqual({ told: undefined, overrides: [], desired: undefined });
  });

  it('is an operator’s in a home that has the room as a guest', () => {
    const look = lookedAt({ rate: 0.3, owner: operator('c-1'), desired: 0.1, homeOfRoom: 'processor-b' });
    expect(look).toEqual({ told: undefined, overrides: [], desired: undefined });
  });

  it('is not one that a home got back for a guest: relief slows it down too', () => {
    const owner = { ...operator('c-1'), restored: true } as const;
    const look = lookedAt({ rate: 0.3, owner, desired: 0.3, followed: command('c-1'), homeOfRoom: 'processor-b' });
    expect(look.told).toEqual({ max_fps: 0.05, by: { by: 'orchestrator', incident_id: 'inc-2' } });
  });

  it('is one of a processor that does not state who set it', () => {
    const look = lookedAt({ rate: 0.3, owner: 'unstated', desired: 0.1 });
    expect(look).toEqual({ told: undefined, overrides: [], desired: undefined });
  });
});

describe('an operator’s command', () => {
  it('is followed once: what a policy changed since is restored', () => {
    const look = lookedAt({
      rate: 0.3,
      owner: operator('c-1'),
      desired: 0.2,
      followed: { ...command('c-1'), superseded: true },
      incident: 'none',
    });
    expect(look).toMatchObject({ told: restored(0.2), desired: undefined });
  });

  it('with an id that was used long ago is another command', () => {
    const followed = { ...command('c-1'), at: '1969-12-31T00:00:00.000Z' };
    const look = lookedAt({ rate: 0.3, owner: operator('c-1'), desired: 0.1, followed, incident: 'none' });
    expect(look.desired).toMatchObject({ max_fps: 0.3, followed: { max_fps: command('c-1') } });
  });

  it('counts although the clock of its processor went back', () => {
    const followed = { ...command('c-1'), at: new Date(nowMs + 3_600_000).toISOString() };
    const look = lookedAt({ rate: 0.3, owner: operator('c-2'), desired: 0.1, followed, incident: 'none' });
    expect(look.desired).toMatchObject({ max_fps: 0.3 });
  });

  it('that another processor has kept from earlier gives way to the later one', () => {
    const followed = { ...command('c-2'), instance_id: 'processor-b', at: new Date(nowMs + 1000).toISOString() };
    const look = lookedAt({ rate: 0.3, owner: operator('c-1'), desired: 0.1, followed, incident: 'none' });
    expect(look).toMatchObject({ told: givenBack(0.1, 'c-2', followed.at), desired: undefined });
  });

  it('that was given back while a later one was under way gives way to the later one', () => {
    const late = { ...command('c-2'), at: new Date(nowMs + 1000).toISOString() };
    const owner = { ...operator('c-1'), restored: true } as const;
    const look = lookedAt({ rate: 0.3, owner, desired: 0.1, followed: late, incident: 'none' });
    expect(look).toMatchObject({ told: givenBack(0.1, 'c-2', late.at), desired: undefined });
  });

  it('is followed again where only the home that was given it back remembers it', () => {
    const owner = { ...operator('c-1'), restored: true } as const;
    const look = lookedAt({ rate: 0.3, owner, desired: 0.1, incident: 'none' });
    expect(look.desired).toMatchObject({ max_fps: 0.3, followed: { max_fps: command('c-1') } });
  });
});
