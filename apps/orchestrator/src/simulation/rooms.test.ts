import { createTopics, type DesiredRooms, type Policy } from '@vigilia/protocol';
import { SimWorld } from './sim-world.ts';
import { until } from './until.ts';

const topics = createTopics();

function desired(world: SimWorld): DesiredRooms['rooms'] {
  return (world.broker.retained.get(topics.orchestratorRooms) as DesiredRooms).rooms;
}

/** The rooms as the policy in force names them. */
function policyRoomsOf(world: SimWorld): Policy['rooms'] {
  return (world.orchestrator.store.policy ?? world.policy).rooms;
}

describe('adding, moving and removing rooms', () => {
  it('gives a new room to one home, and another room to the other', () => {
    const world = new SimWorld().start();
    world.tell('add_room', { source_id: 8 });
    until(world, 'room 8 is monitored', () => world.watchers(8).length > 0);
    world.tell('add_room', { source_id: 9 });
    until(world, 'room 9 is monitored', () => world.watchers(9).length > 0);
    world.run(30_000);
    expect([...world.watchers(8), ...world.watchers(9)].sort()).toEqual(['processor-a', 'processor-b']);
  });

  it('ends with one home although a script asked all of them to add the room', () => {
    const world = new SimWorld().start();
    world.operate('add_stream', { source_id: 8 });
    world.run(30_000);
    expect(world.watchers(8)).toHaveLength(1);
  });

  it('moves a room without a moment in which no processor monitors it', () => {
    const world = new SimWorld().start();
    world.tell('move_room', { source_id: 0, home: 'processor-b' });
    world.run(60_000, () => expect(world.watchers(0).length).toBeGreaterThan(0));
    expect(world.watchers(0)).toEqual(['processor-b']);
  });

  it('keeps a removed room away from a home that was down then and comes back with it by its flags', () => {
    const world = new SimWorld().start();
    world.processors.get('processor-a')?.kill();
    world.run(15_000);
    world.tell('remove_room', { source_id: 0, confirmed: true });
    world.run(5000);
    world.startHome('processor-a');
    world.run(30_000);
    expect(world.watchers(0)).toEqual([]);
    expect(desired(world)['0']).toBeUndefined();
    world.tell('add_room', { source_id: 0 });
    until(world, 'it is monitored again', () => world.watchers(0).length === 1);
  });

  it('lets an operator bring a removed room back at a processor by hand', () => {
    const world = new SimWorld().start();
    world.tell('remove_room', { source_id: 0, confirmed: true });
    until(world, 'room 0 is left', () => world.watchers(0).length === 0);
    world.run(5000);
    world.operate('add_stream', { source_id: 0 }, 'processor-b');
    until(world, 'room 0 is desired again', () => desired(world)['0']?.home === 'processor-b');
    world.run(20_000);
    expect(world.watchers(0)).toEqual(['processor-b']);
  });

  it.each([
    ['add_room', { source_id: 8 }, 8, 1],
    ['move_room', { source_id: 0, home: 'processor-b' }, 0, 1],
    ['remove_room', { source_id: 0, confirmed: true }, 0, 0],
    ['change_policy', { changes: [{ path: ['rooms', '0', 'home'], value: 'processor-b' }] }, 0, 1],
  ] as const)(
    'finishes %s after the orchestrator ended at any step of it: one home or none, and the policy agrees',
    (command, params, room, watched) => {
      let crashes = 0;
      for (let step = 0; step < 8; step += 1) {
        let left = Number.POSITIVE_INFINITY;
        const world: SimWorld = new SimWorld({
          before: () => {
            left -= 1;
            if (left < 0) {
              crashes += 1;
              left = Number.POSITIVE_INFINITY;
              throw new world.Crash();
            }
          },
        }).start();
        left = step;
        world.tell(command, params);
        world.run(3000);
        left = Number.POSITIVE_INFINITY;
        if (!world.orchestrator.alive) {
          world.restartOrchestrator();
        }
        world.run(60_000);
        expect(world.watchers(room)).toHaveLength(watched);
        expect(Object.keys(desired(world)).includes(String(room))).toBe(watched === 1);
        expect(String(room) in policyRoomsOf(world)).toBe(watched === 1);
        expect(desired(world)[String(room)]?.home).toEqual(world.watchers(room)[0]);
        expect(policyRoomsOf(world)[String(room)]?.home).toEqual(world.watchers(room)[0]);
      }
      expect(crashes).toBeGreaterThan(2);
    },
  );
});
