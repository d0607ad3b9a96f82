import type { Incident } from '@vigilia/protocol';
import { SimWorld } from './sim-world.ts';
import { until } from './until.ts';

const started = (): SimWorld => new SimWorld().start();

function fallen(room = 2): SimWorld {
  const world = started();
  world.house.fall(room);
  until(world, 'the dedicated processor', () => world.incidents()[0]?.steps.room_released !== undefined);
  return world;
}

/** A person's command, and the time that its effects take. */
function tell(world: SimWorld, command: string, params: Record<string, unknown>): void {
  world.tell(command, params);
  world.run(500);
}

const first = (world: SimWorld): Incident | undefined => world.incidents()[0];
const isClosed = (world: SimWorld) => (): boolean => first(world)?.state === 'closed';

describe('only people give verdicts', () => {
  it('an incident that the system closes after an acknowledgment has the outcome unknown and no verdict', () => {
    const world = fallen();
    tell(world, 'acknowledge', { source_id: 2, by: 'Ana', via: 'push' });
    world.house.standUp(2);
    until(world, 'the end', isClosed(world));
    expect(first(world)).toMatchObject({ outcome: 'unknown', person: 'up' });
    expect(first(world)?.verdict).toBeUndefined();
    expect(first(world)?.by).toMatchObject([{ who: 'Ana', what: 'acknowledge', via: 'push' }]);
  });

  it('an incident of a room that is no longer monitored has the outcome unknown', () => {
    const world = fallen();
    world.operate('remove_stream', { source_id: 2 }, 'processor-a_1');
    until(world, 'the end', isClosed(world));
    expect(first(world)).toMatchObject({ outcome: 'unknown', note: 'the room is no longer monitored' });
  });

  it('a verdict keeps its outcome, cause, note, name and place', () => {
    const world = fallen();
    const verdict = { outcome: 'no_help_needed', cause: 'picked something up', note: 'sat on the floor, well' };
    tell(world, 'resolve', { source_id: 2, by: 'Ana', via: 'page', confirmed: true, ...verdict });
    until(world, 'the end', isClosed(world));
    expect(first(world)).toMatchObject({ outcome: 'no_help_needed', verdict: { ...verdict, by: 'Ana' } });
    expect(first(world)?.by).toMatchObject([{ who: 'Ana', what: 'resolve', via: 'page' }]);
  });

  it('who gives a verdict on a room whose incident the system has closed is shown how to name it', () => {
    const world = fallen();
    tell(world, 'acknowledge', { source_id: 2 });
    world.house.standUp(2);
    until(world, 'the end', isClosed(world));
    const id = first(world)?.incident_id;
    tell(world, 'resolve', { source_id: 2, outcome: 'helped' });
    const message = expect.stringContaining(`The last one, ${id}, is closed without a verdict.`);
    expect(world.orchestrator.answers.at(-1)).toMatchObject({ ok: false, code: 'invalid_params', message });
    tell(world, 'resolve', { source_id: 2, incident_id: id, outcome: 'helped' });
    expect(first(world)?.verdict).toMatchObject({ outcome: 'helped' });
    tell(world, 'resolve', { source_id: 2, outcome: 'helped' });
    expect(world.orchestrator.answers.at(-1)).toMatchObject({ message: 'There is no open incident in room 2.' });
  });

  it('a verdict can be given after the system closed the incident', () => {
    const world = fallen();
    tell(world, 'acknowledge', { source_id: 2 });
    world.house.standUp(2);
    until(world, 'the end', isClosed(world));
    const id = first(world)?.incident_id;
    tell(world, 'resolve', { incident_id: id, outcome: 'false_alarm', by: 'Ana' });
    expect(first(world)).toMatchObject({ state: 'closed', outcome: 'false_alarm', verdict: { by: 'Ana' } });
    tell(world, 'undo_verdict', { incident_id: id, by: 'Ana' });
    expect(first(world)).toMatchObject({ state: 'closed', outcome: 'unknown' });
  });
});

describe('a verdict while a person is on the floor', () => {
  it('is rejected with a stable code unless it is confirmed', () => {
    const world = fallen();
    tell(world, 'resolve', { source_id: 2, outcome: 'helped' });
    expect(world.orchestrator.answers.at(-1)).toMatchObject({ ok: false, code: 'confirmation_required' });
    expect(first(world)?.state).toBe('open');
    tell(world, 'resolve', { source_id: 2, outcome: 'helped', confirmed: true });
    expect(first(world)?.state).toBe('closing');
  });

  it('needs no confirmation when the fall was reported by a sensor and no camera sees a person on the floor', () => {
    const world = started();
    world.broker.publish('nvr/events/fall_detected', { room_id: 5 });
    until(world, 'an incident', () => world.incidents().length === 1);
    tell(world, 'resolve', { source_id: 5, outcome: 'helped' });
    until(world, 'the end', isClosed(world));
  });
});

describe('a verdict that is taken back', () => {
  it.each([
    ['while the room is on its way home', 0],
    ['after the incident was closed', 60_000],
  ])('restores the incident, its alarm and its dedicated processor %s', (_, waitMs) => {
    const world = fallen();
    tell(world, 'resolve', { source_id: 2, outcome: 'helped', by: 'Ana', confirmed: true });
    world.run(waitMs);
    tell(world, 'undo_verdict', { source_id: 2, by: 'Ana' });
    expect(first(world)).toMatchObject({ state: 'open', person: 'down' });
    expect(first(world)?.outcome).toBeUndefined();
    expect(first(world)?.by.map(({ what }) => what)).toEqual(['resolve', 'undo_verdict']);
    until(world, 'a dedicated processor again', () => world.watchers(2).join().startsWith('processor-a_'));
    world.run(20_000);
    expect(first(world)?.state).toBe('open');
    tell(world, 'resolve', { source_id: 2, outcome: 'helped', confirmed: true });
    until(world, 'the end', isClosed(world));
    world.run(20_000);
    expect(world.watchers(2)).toEqual(['processor-a']);
  });

  it('stays when it is more than ten minutes old', () => {
    const world = fallen();
    tell(world, 'resolve', { source_id: 2, outcome: 'helped', confirmed: true });
    world.run(601_000);
    tell(world, 'undo_verdict', { source_id: 2 });
    expect(first(world)).toMatchObject({ state: 'closed', outcome: 'helped' });
  });
});

describe('a later fall of an open incident', () => {
  it('is listed with its times and needs an acknowledgment of its own', () => {
    const world = fallen();
    tell(world, 'acknowledge', { source_id: 2, by: 'Ana' });
    world.house.standUp(2);
    until(world, 'up again', () => first(world)?.person === 'up');
    expect(first(world)?.falls).toMatchObject([{ recovered_at: expect.any(String) }]);
    world.house.fall(2);
    until(world, 'the second fall', () => first(world)?.falls?.length === 2);
    expect(first(world)).toMatchObject({ state: 'open', person: 'down' });
    expect(first(world)?.acknowledged_at).toBeUndefined();
    tell(world, 'acknowledge', { source_id: 2, by: 'Eva' });
    expect(first(world)).toMatchObject({ state: 'acknowledged', falls: [{}, {}] });
    expect(world.events.filter(({ type }) => type === 'incident_acknowledged')).toHaveLength(2);
  });

  it('is not another report of the same fall', () => {
    const world = fallen();
    tell(world, 'acknowledge', { source_id: 2 });
    world.broker.publish('nvr/events/fall_detected', { source_id: 2, event_id: 'mat-1' });
    world.run(1000);
    expect(first(world)).toMatchObject({ state: 'acknowledged', falls: [{}] });
    expect(first(world)?.event_ids).toContain('mat-1');
  });

  it('is one that a sensor without a camera reports some time after an acknowledgment', () => {
    const world = started();
    world.house.setCamera(5, false);
    world.run(1000);
    const report = (id: string): void => world.broker.publish('nvr/events/fall_detected', { room_id: 5, event_id: id });
    report('mat-1');
    until(world, 'an incident', () => world.incidents().length === 1);
    tell(world, 'acknowledge', { source_id: 5 });
    report('mat-2');
    world.run(1000);
    expect(first(world)).toMatchObject({ state: 'acknowledged', falls: [{}] });
    world.run(121_000);
    report('mat-3');
    world.run(1000);
    expect(first(world)).toMatchObject({ state: 'open', falls: [{}, {}] });
  });

  it('is recognised when a sensor sends the same bytes for every fall, each time as a fall of its own', () => {
    const world = started();
    world.house.setCamera(5, false);
    world.run(1000);
    const report = (): void => world.broker.publish('nvr/events/fall_detected', { room_id: 5, event_id: 'mat' });
    report();
    until(world, 'an incident', () => world.incidents().length === 1);
    for (const falls of [2, 3]) {
      tell(world, 'acknowledge', { source_id: 5 });
      world.run(121_000);
      report();
      world.run(1000);
      expect(first(world)).toMatchObject({ state: 'open', person: 'unknown' });
      expect(first(world)?.falls).toHaveLength(falls);
    }
    const ids = first(world)?.falls?.map(({ event_id }) => event_id) ?? [];
    expect(new Set(ids).size).toBe(3);
    expect(first(world)?.event_ids).toEqual(ids);
  });

  it('is not one that a processor reports again when it connects', () => {
    const world = fallen();
    tell(world, 'acknowledge', { source_id: 2 });
    world.house.standUp(2);
    until(world, 'up again', () => first(world)?.person === 'up');
    const [id] = first(world)?.event_ids ?? [];
    world.broker.publish('nvr/events/fall_detected', { source_id: 2, event_id: id, instance_id: 'processor-a' });
    world.run(1000);
    expect(first(world)).toMatchObject({ state: 'acknowledged', person: 'up', falls: [{}] });
  });
});

it('an acknowledged fall that no camera can see sends its room home in the end, and stays open until a person was there', () => {
  const world = started();
  world.house.setCamera(5, false);
  world.run(1000);
  world.broker.publish('nvr/events/fall_detected', { room_id: 5 });
  until(world, 'an incident', () => world.incidents().length === 1);
  tell(world, 'acknowledge', { source_id: 5 });
  world.run(1_900_000);
  expect(first(world)).toMatchObject({ state: 'acknowledged', released: true, person: 'unknown' });
  tell(world, 'resolve', { source_id: 5, outcome: 'no_help_needed' });
  until(world, 'the end', isClosed(world));
});

describe('a drill', () => {
  it('with alerts lasts until a person closes it, and its outcome is always drill', () => {
    const world = started();
    tell(world, 'drill', { source_id: 4, by: 'matron', with_alerts: true });
    world.run(120_000);
    expect(first(world)).toMatchObject({ state: 'open', drill: true, with_alerts: true });
    tell(world, 'acknowledge', { source_id: 4, by: 'Ana' });
    world.run(120_000);
    expect(first(world)?.state).toBe('acknowledged');
    tell(world, 'resolve', { source_id: 4, by: 'Ana', outcome: 'helped' });
    until(world, 'the end', isClosed(world));
    expect(first(world)).toMatchObject({ outcome: 'drill', verdict: { outcome: 'drill', by: 'Ana' } });
  });

  it('with alerts that no person closes ends by itself', () => {
    const world = started();
    tell(world, 'drill', { source_id: 4, with_alerts: true });
    world.run(880_000);
    expect(first(world)?.state).toBe('open');
    until(world, 'the end', isClosed(world));
  });

  it('makes room for a real fall, which is never part of it', () => {
    const world = started();
    tell(world, 'drill', { source_id: 4, with_alerts: true });
    world.run(30_000);
    world.house.fall(4);
    until(world, 'the incident', () => world.incidents().some(({ drill }) => !drill));
    world.run(60_000);
    const states = world.incidents().map(({ drill, state }) => `${drill ? 'drill' : 'fall'} ${state}`);
    expect(states.sort()).toEqual(['drill closing', 'fall open']);
  });
});
