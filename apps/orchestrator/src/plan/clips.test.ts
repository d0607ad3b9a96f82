import { type Incident, type PolicyInput, policySchema } from '@vigilia/protocol';
import { plan } from './plan.ts';
import { fallInRoom2, incidentOf, now, viewOf } from './testing/views.ts';
import type { View } from './view.ts';

const after = (minutes: number): string => new Date(now.wallMs + minutes * 60_000).toISOString();

function published(view: View, input: PolicyInput): (Incident['clip'] | undefined)[] {
  return plan(view, policySchema.parse(input), now).actions.flatMap((action) =>
    action.kind === 'publish_incident' ? [action.incident.clip] : [],
  );
}

/** The clip that a fall in room 2 may have. */
function clipOfFall(input: PolicyInput): Incident['clip'] | undefined {
  const [clip] = published({ ...viewOf({ desired: { 2: 0.1 } }), inbox: [fallInRoom2] }, input);
  return clip;
}

const room2 = (clips?: 'off' | 'blurred' | 'plain'): PolicyInput['rooms'] => ({ 2: { home: 'processor-a', clips } });

it('no clip of a fall may be made unless the policy allows it', () => {
  expect(clipOfFall({ rooms: room2() })).toBeUndefined();
  expect(clipOfFall({ rooms: { 3: { home: 'processor-a', clips: 'plain' } } })).toBeUndefined();
});

it('each room may have clips of its own kind, or none, whatever the others have', () => {
  expect(clipOfFall({ rooms: room2(), clips: { show: 'blurred' } })).toEqual({ mode: 'blurred', until: after(60) });
  expect(clipOfFall({ rooms: room2('plain'), clips: { minutes: 5 } })).toEqual({ mode: 'plain', until: after(5) });
  expect(clipOfFall({ rooms: room2('off'), clips: { show: 'plain' } })).toBeUndefined();
});

it('a drill has no clip: no person fell', () => {
  const drill = { id: 'd', kind: 'request', command: { command: 'drill', params: { source_id: 2 } } } as const;
  const view: View = { ...viewOf({ desired: { 2: 0.1 } }), inbox: [drill] };
  expect(published(view, { rooms: room2(), clips: { show: 'plain' } })).toEqual([undefined]);
});

it('a policy that is changed during an incident takes its clip back, so that processors delete what they have', () => {
  const incidents = [incidentOf(2, { clip: { mode: 'plain', until: after(30) }, watched_by: 'processor-a' })];
  const view = viewOf({ incidents, desired: { 2: 0.1 } });
  expect(published(view, { rooms: room2('off') })).toEqual([undefined]);
  expect(published(view, { rooms: room2('blurred') })).toEqual([undefined]);
  expect(published(view, { rooms: room2('plain') }).filter((clip) => clip === undefined)).toEqual([]);
});
