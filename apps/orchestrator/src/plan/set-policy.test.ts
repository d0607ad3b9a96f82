import { type OrchestratorCommand, type PolicyEdit, parseOrchestratorCommand, policySchema } from '@vigilia/protocol';
import type { Action } from './action.ts';
import { plan } from './plan.ts';
import { now, processorOf, viewOf } from './testing/views.ts';
import type { InboxItem } from './view.ts';

const rooms = { 1: { home: 'processor-a', floor: 3 }, 2: { home: 'processor-a' } };
const policy = policySchema.parse({ rooms, night: { from: '22:00' } });
const view = viewOf({ processors: [processorOf('processor-a', { 1: 0.1, 2: 0.1 })], desired: { 1: 0.1, 2: 0.1 } });

const request = (id: string, params: object, name = 'change_policy'): InboxItem => ({
  id: `request ${id}`,
  kind: 'request',
  command: parseOrchestratorCommand(name, params) as OrchestratorCommand,
});
const settle = (actions: readonly Action[], id: string) =>
  actions.find((action) => action.kind === 'settle' && action.id === `request ${id}`);
const published = (actions: readonly Action[]) => actions.filter((action) => action.kind === 'publish_policy');
const firstPublished = (actions: readonly Action[]) => {
  const [first] = published(actions);
  if (first === undefined) throw new Error('no policy was published');
  return first;
};
const change = (path: string[], value?: unknown): PolicyEdit => (value === undefined ? { path } : { path, value });

describe('a policy that a technician changes', () => {
  it('differs in the settings that were named, and keeps all others, also those of a newer version', () => {
    const item = request('1', { changes: [change(['timings', 'drill_seconds'], 60)], by: 'Ana Ruiz', via: 'page' });
    const { actions } = plan({ ...view, inbox: [item] }, policy, now);
    const { policy: next, history } = firstPublished(actions);
    expect(next).toEqual({ ...policy, timings: { ...policy.timings, drill_seconds: 60 } });
    expect(next).toMatchObject({ night: { from: '22:00' }, rooms: { 1: { floor: 3 } } });
    expect(history).toMatchObject({
      revision: 1,
      changes: [
        { by: 'Ana Ruiz', via: 'page', differences: [{ path: ['timings', 'drill_seconds'], before: 900, after: 60 }] },
      ],
    });
    expect(settle(actions, '1')).toMatchObject({ answer: { ok: true, result: { revision: 1 } } });
  });

  it('turns the picture back and unmasks it when those settings are taken out again', () => {
    const zones = [
      {
        kind: 'ignore',
        points: [
          [0, 0],
          [0.5, 0],
          [0.5, 0.5],
        ],
      },
    ];
    const turned = policySchema.parse({ rooms: { ...rooms, 2: { home: 'processor-a', rotate: 90, zones } } });
    const item = request('1', { changes: [change(['rooms', '2', 'rotate']), change(['rooms', '2', 'zones'])] });
    const { actions } = plan({ ...view, inbox: [item] }, turned, now);
    const desired = actions.flatMap((action) => (action.kind === 'publish_rooms' ? [action.rooms.rooms] : [])).at(-1);
    expect(desired?.['2']).toMatchObject({ rotate: 0, zones: [] });
  });

  it('is refused to the later of two who edited the same revision, also when both arrive in one round', () => {
    const inbox = [
      request('1', { changes: [change(['standby'], 1)], base_revision: 0, by: 'Ana Ruiz' }),
      request('2', { changes: [change(['spawn_attempts'], 5)], base_revision: 0, by: 'Eva Keys' }),
    ];
    const { actions } = plan({ ...view, inbox }, policy, now);
    expect(published(actions)).toHaveLength(1);
    expect(settle(actions, '1')).toMatchObject({ answer: { ok: true } });
    expect(settle(actions, '2')).toMatchObject({
      answer: {
        ok: false,
        code: 'policy_changed',
        field: 'base_revision',
        message: expect.stringContaining('Ana Ruiz'),
      },
    });
  });

  it('is overwritten by the later one only with force, and both changes are in the history', () => {
    const inbox = [
      request('1', { changes: [change(['standby'], 1)], base_revision: 0 }),
      request('2', { changes: [change(['standby'], 2)], base_revision: 0, force: true }),
    ];
    const last = published(plan({ ...view, inbox }, policy, now).actions).at(-1);
    expect(last).toMatchObject({
      policy: { standby: 2 },
      history: { revision: 2, changes: [{ revision: 2 }, { revision: 1 }] },
    });
  });

  it('is changed once when the same command is delivered again after a power cut', () => {
    const item = request('1', { changes: [change(['standby'], 1)], base_revision: 0 });
    const first = firstPublished(plan({ ...view, inbox: [item] }, policy, now).actions);
    const after = { ...view, policyHistory: first.history, inbox: [item] };
    const again = plan(after, first.policy, now).actions;
    expect(published(again)).toEqual([]);
    expect(settle(again, '1')).toMatchObject({ answer: { ok: true, result: { revision: 1 } } });
  });

  it('reaches the rooms when the orchestrator ended after the policy was recorded, and no setting of an operator is lost by it', () => {
    const item = request('1', { changes: [change(['rooms', '1', 'max_fps'], 0.5)] });
    const first = firstPublished(plan({ ...view, inbox: [item] }, policy, now).actions);
    const desired = new Map([...(view.desired ?? [])].map(([id, room]) => [id, { ...room, max_fps: 0.2 }]));
    const again = plan({ ...view, desired, policyHistory: first.history, inbox: [item] }, first.policy, now).actions;
    expect(published(again)).toEqual([]);
    expect(again.find(({ kind }) => kind === 'publish_rooms')).toMatchObject({
      rooms: { rooms: { 1: { max_fps: 0.5 }, 2: { max_fps: 0.2 } } },
    });
  });

  it('stays as it is when a value is out of range, and the answer names the setting', () => {
    const item = request('1', { changes: [change(['quiet', 'max_fps'], 45)] });
    const { actions } = plan({ ...view, inbox: [item] }, policy, now);
    expect(published(actions)).toEqual([]);
    expect(settle(actions, '1')).toMatchObject({
      answer: {
        ok: false,
        code: 'invalid_params',
        field: 'quiet.max_fps',
        message: expect.stringContaining('at most 30 (got 45)'),
      },
    });
  });

  it('has its default again where no value is given', () => {
    const changed = policySchema.parse({ ...policy, standby: 3 });
    const { actions } = plan({ ...view, inbox: [request('1', { changes: [change(['standby'])] })] }, changed, now);
    expect(published(actions)).toMatchObject([{ policy: { standby: 0 } }]);
  });
});
