import type { RuntimeInstance, RuntimeView } from '../plan/view.ts';
import { beforeSpawn } from './before-spawn.ts';

const spec = { instanceId: 'a_2', incidentId: 'inc-1', sourceIds: [2], maxFps: 1 };

function listed(instance: Partial<RuntimeInstance>, more: Partial<RuntimeView> = {}): RuntimeView {
  const one = { instanceId: 'a_1', incidentId: 'inc-1', sourceIds: [2], state: 'running' as const, startedMs: 0 };
  return { listed: true, instances: new Map([['a_1', { ...one, ...instance }]]), ...more };
}

describe('before a dedicated processor is started', () => {
  it('one that already runs for the incident is enough', () => {
    expect(beforeSpawn(listed({}), spec)).toBe('exists');
  });

  it('one that has ended, or that runs for another incident, is none', () => {
    expect(beforeSpawn(listed({ state: 'exited' }), spec)).toBe('start');
    expect(beforeSpawn(listed({ incidentId: 'inc-2' }), spec)).toBe('start');
  });

  it('an engine that does not answer is not asked to: it may run one already', () => {
    expect(beforeSpawn(listed({}, { unreachable: true }), spec)).toBe('unreachable');
  });
});
