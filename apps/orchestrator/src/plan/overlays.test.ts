import type { Override } from '@vigilia/protocol';
import { policySchema } from '@vigilia/protocol';
import type { Action } from './action.ts';
import { plan } from './plan.ts';
import { incidentOf, now, nowMs, processorOf, viewOf } from './testing/views.ts';
import type { ProcessorView } from './view.ts';

const policy = policySchema.parse({
  relief: { max_fps: 0.05 },
  rooms: { 1: { home: 'processor-a' }, 2: { home: 'processor-a' } },
});

const override = (before: number, set: number): Override => ({
  instance_id: 'processor-a',
  source_id: 1,
  field: 'max_fps',
  before,
  set,
});

/** What a look makes of room 1 at its home while room 2 has an incident. */
function lookedAt(o: { rate: number; flags?: number; desired: number; overrides?: Override[]; changedMs?: number }) {
  const flags = o.flags === undefined ? {} : { flags: { 1: o.flags } };
  const told = processorOf('processor-a', { 1: o.rate, 2: 0.1 }, flags);
  const home = o.changedMs === undefined ? told : changedAt(told, o.changedMs);
  const view = viewOf({
    processors: [home],
    incidents: [incidentOf(2, { overrides: o.overrides ?? [] })],
    desired: { 1: o.desired, 2: 0.1 },
  });
  const { actions } = plan(view, policy, now);
  return { overrides: overridesIn(actions) ?? o.overrides, told: rateIn(actions) };
}

/** The rate of room 1 was seen to change at this moment. */
function changedAt(home: ProcessorView, max_fps: number): ProcessorView {
  const streams = new Map(home.streams);
  const stream = streams.get(1);
  if (stream !== undefined) streams.set(1, { ...stream, changed: { max_fps } });
  return { ...home, streams };
}

function overridesIn(actions: readonly Action[]): readonly Override[] | undefined {
  for (const action of actions) if (action.kind === 'publish_incident') return action.incident.overrides;
  return undefined;
}

function rateIn(actions: readonly Action[]): unknown {
  for (const action of actions) {
    if (action.kind === 'command' && action.key === 'fps:processor-a:1') return action.command.params;
  }
  return undefined;
}

const relief = { max_fps: 0.05, source_id: 1 };

describe('relief of a home', () => {
  it('lowers what somebody meant, and remembers it', () => {
    expect(lookedAt({ rate: 0.3, desired: 0.1 })).toEqual({ overrides: [override(0.3, 0.05)], told: relief });
  });

  it('of one that goes by its flags remembers what is desired: nobody has meant the flags', () => {
    expect(lookedAt({ rate: 0.3, flags: 0.3, desired: 0.1 })).toEqual({
      overrides: [override(0.1, 0.05)],
      told: relief,
    });
  });

  it('is told again to a home that was started anew in mid-incident, and its flags void nothing', () => {
    const overrides = [override(0.1, 0.05)];
    expect(lookedAt({ rate: 0.3, flags: 0.3, desired: 0.1, overrides })).toEqual({ overrides, told: relief });
  });

  it('a rate that somebody sets in mid-incident voids it', () => {
    const overrides = [override(0.1, 0.05)];
    expect(lookedAt({ rate: 0.3, desired: 0.1, overrides })).toEqual({
      overrides: [override(0.3, 0.3)],
      told: undefined,
    });
  });

  it('does not fight somebody who sets back what it was, whose command is told of a moment after its effect', () => {
    const overrides = [override(0.1, 0.05)];
    const look = (agoMs: number) => lookedAt({ rate: 0.1, desired: 0.1, overrides, changedMs: nowMs - agoMs });
    expect(look(100)).toEqual({ overrides, told: undefined });
    expect(look(3000)).toEqual({ overrides, told: relief });
  });

  it('of which somebody made an exception is an exception still when the home is started anew', () => {
    const overrides = [override(0.3, 0.3)];
    const told = { max_fps: 0.3, source_id: 1 };
    expect(lookedAt({ rate: 0.1, flags: 0.1, desired: 0.3, overrides })).toEqual({ overrides, told });
  });

  it('makes no entry where the desired rate is the relief’s own: a void one would block the desired rate', () => {
    expect(lookedAt({ rate: 0.3, flags: 0.3, desired: 0.05 })).toEqual({ overrides: [], told: relief });
  });

  it('does not raise a room whose desired rate is lower still', () => {
    const told = { max_fps: 0.02, source_id: 1 };
    expect(lookedAt({ rate: 0.3, flags: 0.3, desired: 0.02 })).toEqual({ overrides: [], told });
  });

  it('flags that are the relief’s rate already need no command, and the desired rate is restored at the end', () => {
    expect(lookedAt({ rate: 0.05, flags: 0.05, desired: 0.1 })).toEqual({
      overrides: [override(0.1, 0.05)],
      told: undefined,
    });
  });
});
