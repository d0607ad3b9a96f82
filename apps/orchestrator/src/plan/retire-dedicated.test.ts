import { policySchema } from '@vigilia/protocol';
import { plan } from './plan.ts';
import { incidentOf, now, nowMs, processorOf, viewOf } from './testing/views.ts';
import type { View } from './view.ts';

const policy = policySchema.parse({ rooms: { 1: { home: 'processor-a' }, 2: { home: 'processor-a' } } });

/** Whether a standby is stopped that the long waiting incident of room 2 has just got. */
function stopped(failures: View['failures'] = new Map()): string[] {
  const standby = processorOf('standby_1', {}, { role: 'dedicated' });
  const instance = { instanceId: 'standby_1', sourceIds: [], state: 'running', startedMs: nowMs - 600_000 } as const;
  const waited = new Date(nowMs - 300_000).toISOString();
  const view = viewOf({
    processors: [processorOf('processor-a', { 1: 0.1, 2: 0.1 }), standby],
    incidents: [incidentOf(2, { dedicated: 'standby_1', attempts: { spawn: 0, last_at: waited } })],
    desired: { 1: 0.1, 2: 0.1 },
    runtime: { listed: true, instances: new Map([['standby_1', instance]]) },
    failures,
  });
  const long = new Map([...view.incidents].map(([id, one]) => [id, { ...one, anchors: new Map([[waited, 0]]) }]));
  const { actions } = plan({ ...view, incidents: long }, { ...policy, standby: 1 }, now);
  return actions.flatMap((action) => (action.kind === 'stop' ? action.instanceId : []));
}

describe('a dedicated processor that shows no detections', () => {
  it('of a room that it is only being given is not ended for it, however long the fall has waited', () => {
    expect(stopped()).toEqual([]);
  });

  it('because it does not take the room again and again makes way for another', () => {
    const failure = { code: 'timeout', message: 'no answer', lastMs: nowMs - 1000, retryAtMs: nowMs + 1000 };
    expect(stopped(new Map([['add:standby_1:2', { ...failure, count: 2 }]]))).toEqual([]);
    expect(stopped(new Map([['add:standby_1:2', { ...failure, count: 3 }]]))).toEqual(['standby_1']);
  });
});
