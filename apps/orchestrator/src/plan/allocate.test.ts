import type { PolicyInput } from '@vigilia/protocol';
import { allocate } from './allocate.ts';
import { incidentOf, processorOf, rulesOf, viewOf } from './testing/views.ts';
import type { RuntimeView } from './view.ts';

/** Rooms 1 to 4 at home; room 1 has its dedicated processor already, rooms 2 and 3 fell too. */
function allocated(limits: PolicyInput['limits'], capacity: RuntimeView['capacity'], ms?: number): string[] {
  const measured = ms === undefined ? {} : { inferenceMs: ms };
  const dedicated = processorOf('processor-a_1', { 1: 1 }, { role: 'dedicated', incidentId: 'inc-1', ...measured });
  const home = processorOf('processor-a', { 2: 0.5, 3: 0.5, 4: 0.5 }, measured);
  const view = viewOf({
    processors: [home, dedicated],
    incidents: [incidentOf(1, { dedicated: 'processor-a_1' }), incidentOf(2), incidentOf(3)],
    desired: { 1: 0.5, 2: 0.5, 3: 0.5, 4: 0.5 },
    runtime: { listed: true, instances: new Map(), capacity },
  });
  const policy = { incident: { max_fps: 1 }, limits: { max_rooms_per_dedicated: 1, ...limits } };
  return [...allocate(rulesOf(view, policy)).values()].map(({ kind }) => kind);
}

describe('the budget of dedicated processors', () => {
  const large = { cpus: 16, memoryMb: 16_000 };
  it.each<[string, PolicyInput['limits'], RuntimeView['capacity'], number | undefined, string[]]>([
    ['an engine that does not know', { max_dedicated: 3 }, undefined, undefined, ['has', 'spawn', 'spawn']],
    ['a large host', { max_dedicated: 3 }, large, undefined, ['has', 'spawn', 'spawn']],
    ['the policy’s count', { max_dedicated: 2 }, large, undefined, ['has', 'spawn', 'wait']],
    [
      'two CPUs, nothing measured: one each',
      { max_dedicated: 9 },
      { ...large, cpus: 2 },
      undefined,
      ['has', 'spawn', 'wait'],
    ],
    // 3 rooms × 0.5 frames × 0.2 s = 0.3 CPUs are the home's; each dedicated one needs 0.2
    ['what was measured counts', { max_dedicated: 9 }, { ...large, cpus: 0.91 }, 200, ['has', 'spawn', 'spawn']],
    ['what the homes use is not there', { max_dedicated: 9 }, { ...large, cpus: 0.8 }, 200, ['has', 'spawn', 'wait']],
    [
      'the policy’s own CPUs are for dedicated ones alone',
      { max_dedicated: 9, cpus: 0.61 },
      { ...large, cpus: 0.1 },
      200,
      ['has', 'spawn', 'spawn'],
    ],
    [
      'one that is heavier than its container may be is bounded by it',
      { max_dedicated: 9, cpus: 2, cpus_per_dedicated: 1 },
      large,
      5000,
      ['has', 'spawn', 'wait'],
    ],
    [
      'memory of the host',
      { max_dedicated: 9, memory_mb_per_dedicated: 700 },
      { cpus: 16, memoryMb: 2000 },
      undefined,
      ['has', 'spawn', 'wait'],
    ],
    [
      'memory of the policy',
      { max_dedicated: 9, memory_mb: 1400, memory_mb_per_dedicated: 700 },
      large,
      undefined,
      ['has', 'spawn', 'wait'],
    ],
    [
      'over the limit they share while one CPU carries the frames',
      { max_dedicated: 1, max_rooms_per_dedicated: 4 },
      large,
      400,
      ['has', 'share', 'wait'],
    ],
  ])('%s', (_, limits, capacity, ms, expected) => {
    expect(allocated(limits, capacity, ms)).toEqual(expected);
  });

  it('the first fall is tried on any host: a guess must not keep it from being looked at', () => {
    const view = viewOf({
      processors: [processorOf('processor-a', { 2: 0.5 })],
      incidents: [incidentOf(2)],
      desired: { 2: 0.5 },
      runtime: { listed: true, instances: new Map(), capacity: { cpus: 0.1, memoryMb: 1 } },
    });
    expect([...allocate(rulesOf(view)).values()]).toEqual([{ kind: 'spawn' }]);
  });
});
