import { createTopics, type DesiredRooms, maxLearnedThings, type Zone } from '@vigilia/protocol';
import { SimWorld } from './sim-world.ts';
import { until } from './until.ts';

const topics = createTopics();
const room = 5;
const bed: Zone = {
  kind: 'bed',
  points: [
    [0.7, 0.7],
    [0.9, 0.7],
    [0.9, 0.9],
  ],
};
const armchair = { x1: 0.1, y1: 0.4, x2: 0.3, y2: 0.8 };

/** A person's command, and the time that its effects take. */
function tell(world: SimWorld, command: string, params: Record<string, unknown>): unknown {
  world.tell(command, params);
  world.run(500);
  return world.orchestrator.answers.at(-1);
}

function withZones(zones: Zone[] = [bed]): SimWorld {
  const world = new SimWorld().start();
  world.run(5000);
  world.operate('set_zones', { source_id: room, zones }, world.watchers(room)[0] ?? '');
  until(world, 'the zones', () => zonesOf(world)?.length === zones.length);
  return world;
}

/** A false alarm of a camera, with its verdict. Returns the id of its incident. */
function falseAlarm(world: SimWorld, place: object | undefined = armchair, outcome = 'false_alarm'): string {
  const known = new Set(world.incidents().map(({ incident_id: id }) => id));
  const evidence = { rule: 'found_lying' };
  world.broker.publish('nvr/events/fall_detected', { source_id: room, model_id: 'movenet', evidence, place });
  until(world, 'an incident', () => world.incidents().some(({ incident_id: id }) => !known.has(id)));
  const id = world.incidents().find((one) => !known.has(one.incident_id))?.incident_id ?? '';
  tell(world, 'resolve', { incident_id: id, outcome, by: 'Ana', confirmed: true });
  until(world, 'the end', () => world.incidents().find((one) => one.incident_id === id)?.state === 'closed');
  return id;
}

const zonesOf = (world: SimWorld): Zone[] | undefined =>
  (world.broker.retained.get(topics.orchestratorRooms) as DesiredRooms | undefined)?.rooms[String(room)]?.zones;
const things = (world: SimWorld): Zone[] => zonesOf(world)?.filter(({ kind }) => kind === 'thing') ?? [];

describe('what a false alarm showed', () => {
  test('is learned with its place, name, author and incident, and the home of the room is given it', () => {
    const world = withZones();
    const id = falseAlarm(world);
    expect(tell(world, 'learn_thing', { incident_id: id, by: 'Ana', name: 'armchair' })).toMatchObject({ ok: true });
    expect(zonesOf(world)?.[0]).toEqual(bed);
    expect(things(world)).toMatchObject([
      {
        name: 'armchair',
        points: [
          [0.1, 0.4],
          [0.3, 0.4],
          [0.3, 0.8],
          [0.1, 0.8],
        ],
        learned: { incident_id: id, by: 'Ana' },
      },
    ]);
    until(world, 'the zones at the home', () => {
      const home = world.orchestrator.store.facts().processors.get(world.watchers(room)[0] ?? '');
      return home?.streams.get(room)?.zones?.some(({ kind }) => kind === 'thing') === true;
    });
    expect(
      world
        .incidents()
        .find((one) => one.incident_id === id)
        ?.by.map(({ what }) => what),
    ).toContain('learn_thing');
  });

  test('is forgotten on request, and with the verdict that is taken back', () => {
    const world = withZones();
    const id = falseAlarm(world);
    tell(world, 'learn_thing', { incident_id: id });
    tell(world, 'forget_thing', { incident_id: id, by: 'Eva' });
    expect(zonesOf(world)).toEqual([bed]);
    tell(world, 'learn_thing', { incident_id: id });
    expect(things(world)).toHaveLength(1);
    tell(world, 'undo_verdict', { incident_id: id });
    expect(zonesOf(world)).toEqual([bed]);
  });

  test('is forgotten when its verdict is corrected to another one, and kept when it is given again', () => {
    const world = withZones();
    const id = falseAlarm(world);
    tell(world, 'learn_thing', { incident_id: id });
    tell(world, 'resolve', { incident_id: id, outcome: 'false_alarm', by: 'Eva' });
    expect(things(world)).toHaveLength(1);
    tell(world, 'resolve', { incident_id: id, outcome: 'helped', by: 'Eva' });
    expect(zonesOf(world)).toEqual([bed]);
  });

  test('is learned once: the same place again confirms it, and the undoing of the second verdict keeps it', () => {
    const world = withZones();
    const first = falseAlarm(world);
    tell(world, 'learn_thing', { incident_id: first, by: 'Ana', name: 'armchair' });
    const [taught] = things(world);
    const again = falseAlarm(world, { x1: 0.11, y1: 0.41, x2: 0.31, y2: 0.8 });
    tell(world, 'learn_thing', { incident_id: again, by: 'Eva' });
    const at = expect.any(String);
    expect(things(world)).toEqual([{ ...taught, learned: { incident_id: first, by: 'Ana', at } }]);
    expect(things(world)[0]?.learned?.at).not.toBe(taught?.learned?.at);
    tell(world, 'undo_verdict', { incident_id: again });
    expect(things(world)).toHaveLength(1);
    tell(world, 'resolve', { incident_id: first, outcome: 'helped' });
    expect(zonesOf(world)).toEqual([bed]);
  });

  test('is forgotten at the request of a person who confirmed it', () => {
    const world = withZones();
    tell(world, 'learn_thing', { incident_id: falseAlarm(world) });
    const again = falseAlarm(world);
    tell(world, 'learn_thing', { incident_id: again });
    expect(tell(world, 'forget_thing', { incident_id: again })).toMatchObject({ ok: true });
    expect(zonesOf(world)).toEqual([bed]);
  });

  test.each([
    ['helped', armchair, 'no verdict false_alarm'],
    ['false_alarm', undefined, 'does not state where'],
    ['false_alarm', { x1: 0.1, y1: 0.1, x2: 0.7, y2: 0.6 }, 'more than a quarter of the frame'],
  ])('is not learned from the verdict %s with the place %j', (outcome, place, why) => {
    const world = withZones();
    // `undefined` as an argument would take the default
    const id =
      place === undefined
        ? falseAlarm(world, { x1: 2, y1: 2, x2: 3, y2: 3 }, outcome)
        : falseAlarm(world, place, outcome);
    const message = expect.stringContaining(why);
    expect(tell(world, 'learn_thing', { incident_id: id })).toMatchObject({ ok: false, message });
    expect(things(world)).toEqual([]);
  });

  test(`is not learned where the room has ${maxLearnedThings} things already`, () => {
    const learned = Array.from({ length: maxLearnedThings }, (_, n): Zone => {
      const x = n / 20;
      const points: Zone['points'] = [
        [x, 0],
        [x + 0.05, 0],
        [x + 0.05, 0.1],
      ];
      return { kind: 'thing', points, learned: { incident_id: `old-${n}`, by: 'Ana', at: '2026-01-01T00:00:00.000Z' } };
    });
    const world = withZones([bed, ...learned]);
    const message = expect.stringContaining('Remove one in the zone editor');
    expect(tell(world, 'learn_thing', { incident_id: falseAlarm(world) })).toMatchObject({ ok: false, message });
    expect(things(world)).toHaveLength(maxLearnedThings);
  });

  test('counts as a false alarm until its verdict is taken back', () => {
    const world = withZones();
    const id = falseAlarm(world);
    const recorded = () => world.orchestrator.store.alarmFigures.figures?.alarms.find((one) => one.incident_id === id);
    until(world, 'the figures', () => recorded()?.outcome === 'false_alarm');
    expect(recorded()).toMatchObject({ source_id: room, model_id: 'movenet', rule: 'found_lying' });
    tell(world, 'undo_verdict', { incident_id: id });
    until(world, 'the figures again', () => recorded()?.outcome === undefined);
  });
});
