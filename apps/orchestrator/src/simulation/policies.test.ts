import { policySchema, type Zone } from '@vigilia/protocol';
import { SimWorld } from './sim-world.ts';
import { fpsOf, until } from './until.ts';

describe('several falls at once', () => {
  it('each get a dedicated processor up to the limit; the next one shares', () => {
    const world = new SimWorld({ policy: { limits: { max_dedicated: 2 } } }).start();
    for (const room of [1, 5, 6]) {
      world.house.fall(room);
    }
    until(
      world,
      'all three handed over',
      () => world.incidents().filter((one) => one.steps.room_released).length === 3,
    );
    expect(world.dedicated()).toHaveLength(2);
    const rooms = world.dedicated().flatMap((name) => Object.keys(fpsOf(world, name)));
    expect(rooms.sort()).toEqual(['1', '5', '6']);
  });

  it('wait in order of time, at a raised rate at home, where sharing is not allowed', () => {
    const world = new SimWorld({ policy: { limits: { max_dedicated: 1, max_rooms_per_dedicated: 1 } } }).start();
    world.house.fall(1);
    until(world, 'the first', () => world.watchers(1).join() === 'processor-a_1');
    world.house.fall(5);
    until(world, 'the raised rate', () => fpsOf(world, 'processor-b')[5] === 0.5);
    expect(world.incidents()[1]).toMatchObject({
      state: 'open',
      degraded: false,
      note: expect.stringMatching(/limit is 1/),
    });
    world.tell('resolve', { source_id: 1, confirmed: true });
    until(world, 'its turn', () => /^processor-b_\d$/.test(world.watchers(5).join()));
    world.tell('resolve', { source_id: 5, confirmed: true });
    until(world, 'the end', () => world.incidents().every((one) => one.state === 'closed'));
    world.run(10_000);
    expect(fpsOf(world, 'processor-b')[5]).toBe(0.1);
  });

  it('keep the relief of a shared home until the last of them ends', () => {
    const world = new SimWorld().start();
    world.house.fall(1);
    world.house.fall(2);
    until(world, 'both handed over', () => world.incidents().filter((one) => one.steps.room_released).length === 2);
    world.tell('resolve', { source_id: 1, confirmed: true });
    until(world, 'the first is over', () => world.incidents().some((one) => one.state === 'closed'));
    world.run(5000);
    expect(fpsOf(world, 'processor-a')).toEqual({ 0: 0.05, 1: 0.05, 3: 0.05 });
    world.tell('resolve', { source_id: 2, confirmed: true });
    until(world, 'the second is over', () => world.incidents().every((one) => one.state === 'closed'));
    world.run(10_000);
    expect(fpsOf(world, 'processor-a')).toEqual({ 0: 0.1, 1: 0.1, 2: 0.1, 3: 0.1 });
  });

  it('join when they are in the same room, and are refused where no room is', () => {
    const world = new SimWorld().start();
    world.broker.publish('nvr/events/fall_detected', { source_id: 2, event_id: 'one' });
    world.run(3000);
    world.broker.publish('nvr/events/fall_detected', { source_id: 2, event_id: 'two' });
    world.broker.publish('nvr/events/fall_detected', { source_id: 99 });
    world.run(3000);
    expect(world.incidents()).toMatchObject([{ event_ids: ['one', 'two'] }]);
    expect(world.events.filter(({ type }) => type === 'incident_refused')).toMatchObject([{ body: { source_id: 99 } }]);
  });

  it('open at most one incident a second', () => {
    const world = new SimWorld({ policy: { limits: { max_dedicated: 0 } } }).start();
    for (const room of [0, 1, 4, 5]) {
      world.broker.publish('nvr/events/fall_detected', { source_id: room });
    }
    world.run(6000);
    const at = world.events.filter(({ type }) => type === 'incident_opened').map(({ atMs }) => atMs);
    expect(at).toHaveLength(4);
    const gaps = at.slice(1).map((ms, index) => ms - (at[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(950);
  });
});

describe('what people do', () => {
  it('release sends the room home and keeps the incident; a new fall brings the dedicated one again', () => {
    const world = new SimWorld().start();
    world.house.fall(2);
    until(world, 'the hand-over', () => world.watchers(2).join() === 'processor-a_1');
    world.tell('release', { source_id: 2, by: 'nurse' });
    until(
      world,
      'the room at home',
      () => world.watchers(2).join() === 'processor-a' && world.dedicated().length === 0,
    );
    expect(world.incidents()).toMatchObject([{ state: 'open', released: true }]);
    world.broker.publish('nvr/events/fall_detected', { source_id: 2, event_id: 'again' });
    until(world, 'the second watch', () => /^processor-a_\d$/.test(world.watchers(2).join()));
  });

  it('a drill goes through the whole chain and ends by itself, each step timed', () => {
    const world = new SimWorld().start();
    world.tell('drill', { source_id: 4, by: 'matron' });
    until(world, 'the end', () => world.incidents()[0]?.state === 'closed', 90_000);
    const [incident] = world.incidents();
    expect(incident).toMatchObject({ drill: true, outcome: 'drill', by: [{ who: 'matron', what: 'drill' }] });
    for (const step of ['dedicated_watching', 'room_released', 'room_returned', 'dedicated_stopped']) {
      expect(incident?.durations_ms[step]).toBeGreaterThan(0);
    }
    expect(world.watchers(4)).toEqual(['processor-b']);
  });

  it('acknowledgment alone closes nothing while the person is down, however long it takes', () => {
    const world = new SimWorld().start();
    world.house.fall(2);
    until(world, 'the hand-over', () => world.watchers(2).join() === 'processor-a_1');
    world.tell('acknowledge', { source_id: 2 });
    world.run(3_600_000);
    expect(world.incidents()[0]?.state).toBe('acknowledged');
    world.house.standUp(2);
    until(world, 'the end', () => world.incidents()[0]?.state === 'closed');
  });

  it('a person who is up for five minutes sends the room home, acknowledged or not', () => {
    const world = new SimWorld().start();
    world.house.fall(2);
    until(world, 'the hand-over', () => world.watchers(2).join() === 'processor-a_1');
    world.house.standUp(2);
    world.run(280_000);
    expect(world.watchers(2)).toEqual(['processor-a_1']);
    world.run(40_000);
    expect(world.watchers(2)).toEqual(['processor-a']);
    expect(world.incidents()[0]?.state).toBe('open');
  });

  it('a rate that an operator sets during the incident is neither lowered again nor taken back', () => {
    const world = new SimWorld().start();
    world.house.fall(2);
    until(world, 'relief', () => fpsOf(world, 'processor-a')[1] === 0.05);
    world.operate('set_fps', { max_fps: 0.4, source_id: 1 });
    world.run(20_000);
    expect(fpsOf(world, 'processor-a')[1]).toBe(0.4);
    world.tell('resolve', { source_id: 2, confirmed: true });
    until(world, 'the end', () => world.incidents()[0]?.state === 'closed');
    world.run(20_000);
    expect(fpsOf(world, 'processor-a')).toEqual({ 0: 0.1, 1: 0.4, 2: 0.1, 3: 0.1 });
  });

  it('what an operator sets back to the value of the flags is not fought', () => {
    const world = new SimWorld().start();
    const told: string[] = [];
    const setBack = (command: string, values: readonly unknown[], field: string): void => {
      for (const value of values) {
        world.operate(command, { [field]: value, source_id: 4 }, 'processor-b');
        world.run(2000);
      }
    };
    const before = world.orchestrator.looks.length;
    setBack('change_model', ['precise', 'light'], 'model_id');
    setBack('set_fps', [0.4, 0.1], 'max_fps');
    world.run(20_000);
    for (const { actions } of world.orchestrator.looks.slice(before)) {
      told.push(...actions.flatMap((action) => (action.kind === 'command' ? action.key : [])));
    }
    expect(told).toEqual([]);
    expect(world.orchestrator.store.facts().desired?.get(4)).toMatchObject({ max_fps: 0.1, model_id: 'light' });
  });

  it('a room that an operator removes stays removed', () => {
    const world = new SimWorld().start();
    world.operate('remove_stream', { source_id: 3 });
    world.run(30_000);
    expect(world.watchers(3)).toEqual([]);
    expect(world.orchestrator.store.facts().desired?.has(3)).toBe(false);
  });

  it('a room that an operator adds by broadcast stays with the least loaded, and can have its falls', () => {
    const world = new SimWorld().start();
    world.operate('remove_stream', { source_id: 7 });
    world.run(5000);
    world.operate('add_stream', { source_id: 8 });
    const desired = () => world.orchestrator.store.facts().desired?.get(8);
    until(world, 'one watcher', () => desired() !== undefined && world.watchers(8).join() === 'processor-b');
    expect(desired()).toMatchObject({ home: 'processor-b', max_fps: 0.1 });
    world.house.fall(8);
    until(world, 'the hand-over', () => world.watchers(8).join() === 'processor-b_1');
  });

  it('set_policy takes effect at once and outlives the orchestrator', () => {
    const world = new SimWorld().start();
    const rooms = { 0: { home: 'processor-a', max_fps: 0.2, name: 'Mrs Alonso' } };
    const relief = { max_fps: 0.02 };
    const policy = policySchema.parse({ ...world.policy, relief, rooms: { ...world.policy.rooms, ...rooms } });
    world.tell('set_policy', { policy });
    until(world, 'the new rate', () => fpsOf(world, 'processor-a')[0] === 0.2);
    world.run(10_000);
    const inForce = { rooms: { 0: { max_fps: 0.2, name: 'Mrs Alonso' } }, relief: { max_fps: 0.02 } };
    expect(world.orchestrator.store.facts().desired?.get(0)).toMatchObject(inForce.rooms[0]);
    world.restartOrchestrator();
    world.run(10_000);
    expect(world.orchestrator.store.policy).toMatchObject(inForce);
    world.house.fall(2);
    until(world, 'its relief', () => fpsOf(world, 'processor-a')[0] === 0.02);
  });

  it('set_policy of an earlier console, which does not know replays, leaves them as they are', () => {
    const replay = { enabled: false, days: 7 };
    const world = new SimWorld({ policy: { replay } }).start();
    const { replay: _unknown, ...known } = world.policy;
    world.tell('set_policy', { policy: { ...known, snapshots: true } });
    world.run(5000);
    expect(world.orchestrator.store.policy).toMatchObject({ snapshots: true, replay });
  });
});

describe('zones that an operator draws', () => {
  const bed: Zone = {
    kind: 'bed',
    points: [
      [0.1, 0.1],
      [0.4, 0.1],
      [0.4, 0.4],
    ],
  };
  const desired = (world: SimWorld, room: number) => world.orchestrator.store.facts().desired?.get(room);

  it('during an incident, with the processor that has the room then, are the room’s and outlast the incident', () => {
    const world = new SimWorld().start();
    world.house.fall(2);
    until(world, 'the hand-over', () => world.watchers(2).join() === 'processor-a_1');
    const before = desired(world, 2);
    world.operate('set_zones', { source_id: 2, zones: [bed] }, 'processor-a_1');
    world.operate('set_fps', { source_id: 2, max_fps: 2 }, 'processor-a_1');
    world.run(5000);
    expect(desired(world, 2)).toMatchObject({ ...before, zones: [bed] });
    world.tell('resolve', { source_id: 2, confirmed: true });
    until(world, 'the end', () => world.incidents()[0]?.state === 'closed');
    world.run(10_000);
    expect(desired(world, 2)).toMatchObject({ ...before, zones: [bed] });
  });

  it('survive a policy that changes something else, as rates and homes that people chose do', () => {
    const world = new SimWorld().start();
    world.operate('set_zones', { source_id: 2, zones: [bed] }, 'processor-a');
    world.operate('set_fps', { source_id: 1, max_fps: 0.4 }, 'processor-a');
    until(world, 'both', () => desired(world, 2)?.zones?.length === 1 && desired(world, 1)?.max_fps === 0.4);
    const rooms = world.orchestrator.store.facts().desired;
    world.tell('set_policy', { policy: { ...world.policy, snapshots: true } });
    world.run(10_000);
    expect(world.orchestrator.store.facts().desired).toEqual(rooms);
    expect(fpsOf(world, 'processor-a')[1]).toBe(0.4);
  });

  it('give way where the policy has other ones, and the watcher of the room gets those', () => {
    const world = new SimWorld().start();
    world.operate('set_fps', { source_id: 2, max_fps: 0.4 }, 'processor-a');
    until(world, 'the rate', () => desired(world, 2)?.max_fps === 0.4);
    const rooms = { ...world.policy.rooms, 2: { home: 'processor-a', zones: [bed] } };
    world.tell('set_policy', { policy: { ...world.policy, rooms } });
    world.run(10_000);
    expect(desired(world, 2)).toMatchObject({ zones: [bed], max_fps: 0.4 });
    const told = world.orchestrator.looks.flatMap(({ actions }) => actions).filter(({ kind }) => kind === 'command');
    expect(told).toContainEqual(
      expect.objectContaining({ command: { command: 'set_zones', params: { source_id: 2, zones: [bed] } } }),
    );
  });
});

describe('the trigger of an incident', () => {
  it('gives the room a dedicated processor at the suspicion where the policy demands it', () => {
    const world = new SimWorld({ policy: { trigger: 'fall_suspected' } }).start();
    world.broker.publish('nvr/events/fall_suspected', { source_id: 2, event_id: 'maybe' });
    until(world, 'the watch', () => world.watchers(2).join() === 'processor-a_1');
  });

  it('gives the room no dedicated processor at a suspicion unless the policy demands it', () => {
    const world = new SimWorld().start();
    world.broker.publish('nvr/events/fall_suspected', { source_id: 2, event_id: 'maybe' });
    world.run(5000);
    expect(world.incidents()).toEqual([]);
  });
});
