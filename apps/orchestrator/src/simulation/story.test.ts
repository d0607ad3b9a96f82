import { SimWorld } from './sim-world.ts';
import { fpsOf as fps, until as untilDone } from './until.ts';

const until = (world: SimWorld, done: () => boolean, limitMs: number, what: string): number =>
  untilDone(world, what, done, limitMs);

describe('a fall moves the inference', () => {
  it('a home is sent the zones of its rooms once, because its flags cannot contain them', () => {
    const world = new SimWorld().start();
    const home = world.processors.get('processor-a');
    expect([0, 1, 2, 3].map((room) => home?.knowsZones(room))).toEqual([true, true, true, true]);
  });

  it('goes from fall to hand-back, and the room is never unwatched', () => {
    const world = new SimWorld().start();
    expect(fps(world, 'processor-a')).toEqual({ 0: 0.1, 1: 0.1, 2: 0.1, 3: 0.1 });

    world.house.fall(2);
    until(world, () => world.incidents()[0]?.steps.room_released !== undefined, 40_000, 'the hand-over');
    world.run(1000);
    expect(world.dedicated()).toEqual(['processor-a_1']);
    expect(world.watchers(2)).toEqual(['processor-a_1']);
    expect(fps(world, 'processor-a_1')).toEqual({ 2: 1 });
    expect(fps(world, 'processor-a')).toEqual({ 0: 0.05, 1: 0.05, 3: 0.05 });
    expect(fps(world, 'processor-b')).toEqual({ 4: 0.1, 5: 0.1, 6: 0.1, 7: 0.1 });
    expect(world.incidents()[0]).toMatchObject({ state: 'open', watched_by: 'processor-a_1', home: 'processor-a' });

    world.tell('acknowledge', { source_id: 2, by: 'nurse' });
    world.house.standUp(2);
    until(world, () => world.incidents()[0]?.state === 'closed', 90_000, 'the closing');
    world.run(3000);
    expect(world.dedicated()).toEqual([]);
    expect(world.watchers(2)).toEqual(['processor-a']);
    expect(fps(world, 'processor-a')).toEqual({ 0: 0.1, 1: 0.1, 2: 0.1, 3: 0.1 });
    expect(world.incidents()[0]).toMatchObject({ outcome: 'unknown', watched_by: 'processor-a', overrides: [] });
    expect(Object.values(world.orchestrator.store.unwatched.report(world.time.monoMs))).toEqual(Array(8).fill(0));
  });

  it('publishes each step once, in order', () => {
    const world = new SimWorld().start();
    world.house.fall(2);
    world.run(40_000);
    world.tell('resolve', { source_id: 2, outcome: 'false_alarm', confirmed: true });
    world.run(40_000);
    const told = world.events.map(({ type }) => type).filter((type) => /^incident_|^room_/.test(type));
    expect(told).toEqual([
      'incident_opened',
      'room_released',
      'room_taken',
      'room_released',
      'room_returned',
      'incident_closed',
    ]);
    const steps = Object.entries(world.incidents()[0]?.steps ?? {}).sort(([, a], [, b]) => a.localeCompare(b));
    const watch = [
      'opened',
      'dedicated_started',
      'dedicated_watching',
      'room_released',
      'resolved',
      'room_returned',
      'dedicated_stopped',
      'closed',
    ];
    expect(steps.map(([step]) => step).filter((step) => !step.startsWith('relief'))).toEqual(watch);
    expect(steps.map(([step]) => step).filter((step) => step.startsWith('relief'))).toEqual([
      'relief_applied',
      'relief_lifted',
    ]);
  });

  it('lets home go only after the dedicated one was seen', () => {
    const order: string[] = [];
    const world = new SimWorld({
      before: (action) => {
        if (action.kind === 'command') {
          order.push(`${action.command.command} ${action.instanceId}`);
        }
        if (action.kind === 'spawn' || action.kind === 'stop') {
          order.push(action.kind);
        }
      },
    }).start();
    world.house.fall(2);
    world.run(60_000);
    const released = order.indexOf('remove_stream processor-a');
    expect(order.indexOf('spawn')).toBeGreaterThanOrEqual(0);
    expect(released).toBeGreaterThan(order.indexOf('spawn'));
    expect(order.filter((act) => act.startsWith('remove_stream'))).toEqual(['remove_stream processor-a']);
  });

  it('is set going by a bare report of another sensor', () => {
    const world = new SimWorld().start();
    world.broker.publish('nvr/events/fall_detected', { room_id: 5 });
    until(world, () => world.watchers(5).includes('processor-b_1'), 20_000, 'a dedicated processor');
    expect(world.incidents()).toHaveLength(1);
  });
});
