import { type Incident, type OrchestratorCommand, type PolicyInput, policySchema } from '@vigilia/protocol';
import type { Plan } from './action.ts';
import { maxReplays } from './clear-replays.ts';
import { plan } from './plan.ts';
import { fallInRoom2, incidentOf, now, nowMs, viewOf } from './testing/views.ts';
import type { View } from './view.ts';

const dayMs = 86_400_000;

function cleared(fallsAtMs: Readonly<Record<string, number>>, replay: PolicyInput['replay']): string[] {
  const view: View = { ...viewOf({}), replays: new Map(Object.entries(fallsAtMs)) };
  return plan(view, policySchema.parse({ replay }), now).actions.flatMap((action) =>
    action.kind === 'clear_replay' ? [action.incidentId] : [],
  );
}

it('replays are kept for as many days as the policy allows, by default thirty', () => {
  const replays = { old: nowMs - 31 * dayMs, recent: nowMs - 29 * dayMs, today: nowMs - 1000 };
  expect(cleared(replays, undefined)).toEqual(['old']);
  expect(cleared(replays, { days: 1 })).toEqual(['recent', 'old']);
});

it('a site that disables replays deletes those that it has', () => {
  expect(cleared({ one: nowMs - 1000, two: nowMs - 2000 }, { enabled: false })).toEqual(['one', 'two']);
});

it('a site keeps a bounded number of replays, the newest ones', () => {
  const falls = Array.from({ length: maxReplays + 2 }, (_, age) => [`inc-${age}`, nowMs - age * 1000] as const);
  expect(cleared(Object.fromEntries(falls), undefined)).toEqual([`inc-${maxReplays}`, `inc-${maxReplays + 1}`]);
});

function publishedIncidents({ actions }: Plan): Incident[] {
  return actions.flatMap((action) => (action.kind === 'publish_incident' ? [action.incident] : []));
}

function openedFall(replay: PolicyInput['replay']): string | undefined {
  const policy = policySchema.parse({ rooms: { 2: { home: 'processor-a' } }, replay });
  const view: View = { ...viewOf({ desired: { 2: 0.1 } }), inbox: [fallInRoom2] };
  const published = plan(view, policy, now).actions.find(({ kind }) => kind === 'publish_incident');
  if (published?.kind !== 'publish_incident') throw new Error('no incident was opened');
  return published.incident.replay_until;
}

it('a drill has no replay: no person fell', () => {
  const policy = policySchema.parse({ rooms: { 2: { home: 'processor-a' } } });
  const command: OrchestratorCommand = { command: 'drill', params: { source_id: 2, with_alerts: false } };
  const view: View = { ...viewOf({ desired: { 2: 0.1 } }), inbox: [{ id: 'drill', kind: 'request', command }] };
  expect(publishedIncidents(plan(view, policy, now)).map((one) => [one.drill, one.replay_until])).toEqual([
    [true, undefined],
  ]);
});

it('a site that disables replays during an incident takes it back from the incident, so that no processor makes one', () => {
  const replay_until = new Date(now.wallMs + 30 * dayMs).toISOString();
  const incidents = [incidentOf(2, { replay_until, watched_by: 'processor-a' })];
  const view = viewOf({ incidents, desired: { 2: 0.1 } });
  const disabled = plan(view, policySchema.parse({ replay: { enabled: false } }), now);
  expect(publishedIncidents(disabled).map((one) => one.replay_until)).toEqual([undefined]);
  expect(publishedIncidents(plan(view, policySchema.parse({}), now)).map((one) => one.replay_until)).not.toContain(
    undefined,
  );
});

it('an incident states until when its replay may be kept, and states nothing where the policy disables replays', () => {
  expect(openedFall(undefined)).toBe(new Date(now.wallMs + 30 * dayMs).toISOString());
  expect(openedFall({ days: 2 })).toBe(new Date(now.wallMs + 2 * dayMs).toISOString());
  expect(openedFall({ enabled: false })).toBeUndefined();
});
