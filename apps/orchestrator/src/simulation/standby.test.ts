import { SimWorld } from './sim-world.ts';
import { until } from './until.ts';

describe('a standby', () => {
  it('takes the room without a start, and is a standby again when the room has gone home', () => {
    const world = new SimWorld({ policy: { standby: 1 } }).start();
    until(
      world,
      'the standby',
      () => world.orchestrator.store.facts().processors.get('standby_1')?.status === 'running',
    );
    world.house.fall(2);
    until(world, 'the hand-over', () => world.watchers(2).join() === 'standby_1');
    until(world, 'the record of it', () => world.incidents()[0]?.watched_by === 'standby_1', 5000);
    expect(world.incidents()[0]).toMatchObject({
      dedicated: 'standby_1',
      attempts: { spawn: 0 },
    });
    world.tell('resolve', { source_id: 2, confirmed: true });
    until(world, 'the end', () => world.incidents()[0]?.state === 'closed');
    world.run(20_000);
    expect(world.watchers(2)).toEqual(['processor-a']);
    expect(world.dedicated()).toEqual(['standby_1']);
  });

  it('is replaced when it dies, and stopped when the policy wants none', () => {
    const world = new SimWorld({ policy: { standby: 1 } }).start();
    until(world, 'the standby', () => world.dedicated().length === 1);
    world.processors.get('standby_1')?.kill();
    world.run(20_000);
    expect(world.runtime.instances.filter(({ alive }) => alive)).toHaveLength(1);
    world.tell('set_policy', { policy: { ...world.policy, standby: 0 } });
    until(world, 'none', () => world.dedicated().length === 0);
  });

  it('leaves a second fall to a processor of its own', () => {
    const world = new SimWorld({ policy: { standby: 1 } }).start();
    until(
      world,
      'the standby',
      () => world.orchestrator.store.facts().processors.get('standby_1')?.status === 'running',
    );
    for (const room of [2, 5]) {
      world.house.fall(room);
    }
    until(world, 'both', () => world.incidents().filter((one) => one.steps.room_released).length === 2);
    expect(world.dedicated()).toHaveLength(2);
    expect(world.dedicated()).toContain('standby_1');
  });
});
