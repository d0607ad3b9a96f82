import { SimWorld } from './sim-world.ts';
import { fpsOf, until } from './until.ts';

/** A site in which room 2 has been handed over to processor-a_1. */
function handedOver(options: ConstructorParameters<typeof SimWorld>[0] = {}): SimWorld {
  const world = new SimWorld(options).start();
  world.house.fall(2);
  until(world, 'the hand-over', () => world.incidents()[0]?.steps.room_released !== undefined);
  return world;
}

function watchedBy(world: SimWorld, sourceId: number, who: string[]): () => boolean {
  return () => world.watchers(sourceId).join() === who.join();
}

function modelOf(world: SimWorld, sourceId: number): string | undefined {
  return world.processors.get('processor-a')?.streams.get(sourceId)?.modelId;
}

describe('a home that goes offline', () => {
  it('its rooms go to the others within 10 s of its last will, and back when it returns and shows frames', () => {
    const world = new SimWorld().start();
    world.processors.get('processor-b')?.stop();
    const took = until(world, 'failover', () =>
      [4, 5, 6, 7].every((room) => world.watchers(room).join() === 'processor-a'),
    );
    expect(took).toBeLessThan(10_000);
    expect(
      world.events.some(({ type, body }) => type === 'processor_offline' && body.instance_id === 'processor-b'),
    ).toBe(true);
    world.startHome('processor-b');
    until(world, 'the return', () => [4, 5, 6, 7].every((room) => world.watchers(room).join() === 'processor-b'));
    expect(Object.keys(fpsOf(world, 'processor-a'))).toEqual(['0', '1', '2', '3']);
  });

  it('in the middle of an incident keeps its fall watched by the dedicated one', () => {
    const world = handedOver();
    world.processors.get('processor-a')?.kill();
    world.run(20_000);
    expect(world.watchers(2)).toEqual(['processor-a_1']);
    expect([0, 1, 3].map((room) => world.watchers(room))).toEqual([['processor-b'], ['processor-b'], ['processor-b']]);
  });

  it('that comes back with its old list of rooms is asked again to let go, and to keep to the relief', () => {
    const world = handedOver();
    world.processors.get('processor-a')?.kill();
    world.run(500);
    world.startHome('processor-a');
    until(
      world,
      'letting go again',
      () => watchedBy(world, 2, ['processor-a_1'])() && fpsOf(world, 'processor-a')[0] === 0.05,
    );
  });

  it('gives the room to the least loaded processor when the incident of its dedicated one ends', () => {
    const world = handedOver();
    world.processors.get('processor-a')?.kill();
    world.run(15_000);
    world.tell('resolve', { source_id: 2, confirmed: true });
    until(world, 'the hand-back', () => watchedBy(world, 2, ['processor-b'])() && world.dedicated().length === 0);
  });
});

describe('a dedicated processor', () => {
  it('that dies is replaced, and home takes the room meanwhile', () => {
    const world = handedOver();
    world.processors.get('processor-a_1')?.kill();
    const took = until(world, 'a watcher', () => world.watchers(2).length > 0);
    expect(took).toBeLessThan(10_000);
    until(world, 'a new one', () => /^processor-a_\d$/.test(world.watchers(2).join()));
    expect(world.incidents()[0]).toMatchObject({ state: 'open', degraded: false });
  });

  it('whose model is missing puts the incident into degraded mode, and leaves it when the model is there', () => {
    const world = new SimWorld();
    world.dedicatedModels = ['light'];
    world.start().house.fall(2);
    until(world, 'degraded mode', () => world.incidents()[0]?.degraded === true, 240_000);
    until(world, 'the better look at home', () => fpsOf(world, 'processor-a')[2] === 0.5);
    expect(world.incidents()[0]?.note).toMatch(/could not be started/);
    until(world, 'the better model at home', () => modelOf(world, 2) === 'precise');
    world.dedicatedModels = ['light', 'precise'];
    until(world, 'the next try', () => /^processor-a_\d$/.test(world.watchers(2).join()), 120_000);
    expect(world.incidents()[0]?.degraded).toBe(false);
    world.tell('resolve', { source_id: 2, confirmed: true });
    until(world, 'the end', () => world.incidents()[0]?.state === 'closed');
    world.run(15_000);
    expect(fpsOf(world, 'processor-a')).toEqual({ 0: 0.1, 1: 0.1, 2: 0.1, 3: 0.1 });
    expect(modelOf(world, 2)).toBe('light');
  });

  it('whose image is missing is named in the incident, and is there within a minute of the image', () => {
    const world = new SimWorld().start();
    world.runtime.imageMissing = true;
    world.house.fall(2);
    until(world, 'degraded mode', () => world.incidents()[0]?.degraded === true);
    expect(world.incidents()[0]?.note).toContain('no such image');
    world.run(60_000);
    expect(world.incidents()[0]?.attempts.spawn).toBeLessThanOrEqual(5);
    world.runtime.imageMissing = false;
    until(world, 'the watch', () => world.watchers(2).join() === 'processor-a_1', 75_000);
    expect(world.incidents()[0]).toMatchObject({ degraded: false });
    expect(world.incidents()[0]).not.toHaveProperty('note');
  });

  it('that lives but shows nothing any more gives the room to home, and is replaced', () => {
    const world = handedOver();
    const silent = world.processors.get('processor-a_1');
    if (silent !== undefined) {
      silent.hangs = true;
    }
    until(world, 'home', () => world.watchers(2).includes('processor-a'), 20_000);
    until(world, 'its end', () => silent?.alive === false, 120_000);
    until(world, 'the next one', () => /^processor-a_\d$/.test(world.watchers(2).join()));
    expect(world.incidents()[0]).toMatchObject({ state: 'open', degraded: false });
  });

  it('that takes a minute and a half to start is waited for: the next one would be no quicker', () => {
    const world = new SimWorld({ startsWithinMs: [90_000, 90_000] }).start();
    world.run(90_000);
    world.house.fall(2);
    until(world, 'the hand-over', () => world.watchers(2).join() === 'processor-a_1', 150_000);
    expect(world.orchestrator.looks.flatMap(({ actions }) => actions.filter(({ kind }) => kind === 'stop'))).toEqual(
      [],
    );
  });

  it('is tried again every minute while the engine is unreachable', () => {
    const world = new SimWorld().start();
    world.runtime.works = false;
    world.house.fall(2);
    until(world, 'degraded mode', () => world.incidents()[0]?.degraded === true);
    expect(world.incidents()[0]?.attempts.spawn).toBe(3);
    expect(world.incidents()[0]?.note).toContain('the engine does not answer');
    world.run(130_000);
    expect(world.incidents()[0]?.attempts.spawn).toBe(5);
    world.runtime.works = true;
    // once it answers again the next attempt does not wait for the minute to be over
    until(world, 'the watch', () => world.watchers(2).join() === 'processor-a_1', 20_000);
  });

  it('that is unknown is adopted by the next orchestrator: the room stays watched', () => {
    const world = handedOver();
    world.orchestrator.kill();
    world.broker.crash(true);
    world.run(3000);
    world.broker.restart();
    world.restartOrchestrator();
    world.run(30_000);
    expect(world.watchers(2)).toEqual(['processor-a_1']);
    expect(world.incidents()).toMatchObject([{ source_id: 2, state: 'open', dedicated: 'processor-a_1' }]);
  });

  it('whose incident is known closed is stopped', () => {
    const world = handedOver();
    const stray = { instanceId: 'processor-b_7', incidentId: 'inc-old', sourceIds: [5], maxFps: 1 };
    world.broker.publish(
      'nvr/incidents/inc-old',
      { ...world.incidents()[0], incident_id: 'inc-old', source_id: 5, state: 'closed' },
      { retain: true },
    );
    world.restartOrchestrator();
    world.runtime.spawn(stray, () => {});
    until(world, 'its end', () => world.dedicated().includes('processor-b_7'));
    until(world, 'its end', () => world.dedicated().join() === 'processor-a_1');
    expect(world.watchers(5)).toEqual(['processor-b']);
  });
});

describe('a camera that is offline', () => {
  it('does not keep an incident open: the room goes home blind', () => {
    const world = handedOver();
    world.house.setCamera(2, false);
    world.run(30_000);
    expect(world.incidents()[0]?.state).toBe('open');
    world.tell('resolve', { source_id: 2, confirmed: true });
    until(world, 'the end', () => world.incidents()[0]?.state === 'closed', 120_000);
    expect(world.watchers(2)).toEqual(['processor-a']);
    expect(world.dedicated()).toEqual([]);
  });
});

describe('a broker with an empty memory', () => {
  it('gets back what the orchestrator and the processors know', () => {
    const world = handedOver();
    world.broker.crash(true);
    world.run(20_000);
    world.broker.restart();
    until(world, 'the incident is retained again', () => world.incidents()[0]?.dedicated === 'processor-a_1');
    world.run(20_000);
    expect(world.watchers(2)).toEqual(['processor-a_1']);
    expect(world.dedicated()).toEqual(['processor-a_1']);
    expect(world.broker.retained.has('nvr/orchestrator/rooms')).toBe(true);
  });
});

describe('a crash at any action', () => {
  it.each(Array.from({ length: 26 }, (_, action) => action))('number %i ends in the same state', (action) => {
    let left = Number.POSITIVE_INFINITY;
    const world = new SimWorld({
      before: () => {
        left -= 1;
        if (left < 0) {
          left = Number.POSITIVE_INFINITY;
          crashed = true;
          throw new world.Crash();
        }
      },
    });
    let crashed = false;
    world.start();
    left = action;
    world.house.fall(2);
    world.run(25_000);
    if (crashed) {
      world.restartOrchestrator();
    }
    world.run(15_000);
    world.tell('resolve', { source_id: 2, confirmed: true });
    world.house.standUp(2);
    world.run(5000);
    if (!world.orchestrator.alive) {
      world.restartOrchestrator();
    }
    until(world, 'the end', () => world.incidents()[0]?.state === 'closed', 120_000);
    world.run(20_000);
    expect(world.watchers(2)).toEqual(['processor-a']);
    expect(world.dedicated()).toEqual([]);
    expect(fpsOf(world, 'processor-a')).toEqual({ 0: 0.1, 1: 0.1, 2: 0.1, 3: 0.1 });
    expect(world.incidents()).toHaveLength(1);
  });
});
