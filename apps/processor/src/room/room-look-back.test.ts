import type { RoomState } from '@vigilia/protocol';
import { type Detection, defaultFallPolicy, describeModel } from '@vigilia/vision';
import { type Observation, RoomPeople } from './room-people.ts';

const description = describeModel({
  inputs: [{ name: 'images', shape: [1, 3, 32, 32] }],
  outputs: [{ name: 'output0', shape: [1, 84, 21] }],
});
const person = (box: Detection['box'], confidence = 0.8): Detection => ({
  classId: 0,
  className: 'person',
  confidence,
  box,
});
const standing = person({ x1: 260, y1: 200, x2: 340, y2: 400 });
const lying = person({ x1: 205, y1: 340, x2: 395, y2: 400 }, 0.6);
const fallsAt = 42;
const at = (second: number): Observation => ({
  atMs: second * 1000,
  detections: [second < fallsAt ? standing : lying],
  mirrored: false,
  frameSize: { width: 640, height: 480 },
});
const past = Array.from({ length: 39 }, (_, index) => at(40 + (index + 1) / 4));

/** A room that was analysed every ten seconds, until a frame shows the person on the floor. */
function suspicious(): RoomPeople {
  const people = standingRoom();
  expect(people.observe(at(50)).looksBack).toBe(true);
  expect(people.beginLookBack()[0]).toEqual({ afterMs: 40_000, untilMs: 50_000 });
  return people;
}

function standingRoom(): RoomPeople {
  const people = new RoomPeople({
    sourceId: 2,
    settings: { maxFps: 0.1, confidence: 0.25, tracking: true, zones: [] },
    policy: defaultFallPolicy,
    model: { modelId: 'model', description },
  });
  for (const second of [0, 10, 20, 30, 40]) {
    people.observe(at(second));
  }
  return people;
}

const suspected = expect.objectContaining({
  event: 'fall_suspected',
  detected_at: expect.stringMatching(/^1970-01-01T00:00:4[12]/),
  evidence: expect.objectContaining({ look_back: true, observed: true }),
});

test('a fall between two frames is reported with its moment, and the frames that showed it', () => {
  const { events, seen } = suspicious().endLookBack(past);
  expect(events).toEqual([suspected]);
  expect(seen).toHaveLength(past.length);
  expect(seen.at(-1)?.detections[0]).toMatchObject({ posture: 'low' });
});

test('an answer to another fall of the room, repeated meanwhile, does not stop the look-back', () => {
  const people = suspicious();
  people.answer({ answer: 'resolved', eventIds: ['fall_detected-of-yesterday'] }, 51_000);
  expect(people.endLookBack(past).events).toEqual([suspected]);
});

test('news that was reported meanwhile stays, and is not decided again', () => {
  const people = suspicious();
  for (let second = 51; second < 80; second += 1) {
    people.observe(at(second));
  }
  expect(people.fallState).toBe('alarm');
  expect(people.endLookBack(past)).toMatchObject({ events: [], seen: [] });
  expect(people.fallState).toBe('alarm');
});

test('a room whose settings or sight changed meanwhile is not decided again', () => {
  const changes: ((people: RoomPeople) => void)[] = [
    (people) => people.setSettings({ maxFps: 1, confidence: 0.25, tracking: true, zones: [] }),
    (people) => people.setModel({ modelId: 'other', description }),
    (people) => people.blind(51_000),
  ];
  for (const change of changes) {
    const people = suspicious();
    change(people);
    expect(people.endLookBack(past)).toMatchObject({ events: [], seen: [] });
  }
});

describe('what the home found by looking back is known to the dedicated processor', () => {
  const model = { modelId: 'model', description };
  const settings = { maxFps: 1, confidence: 0.25, tracking: true, zones: [] };
  const retainedOf = (people: RoomPeople): RoomState =>
    JSON.parse(JSON.stringify({ source_id: 2, watcher: 'home', since: new Date(0).toISOString(), ...people.state() }));
  const heirOf = (restored: RoomState): RoomPeople =>
    new RoomPeople({ sourceId: 2, settings, policy: defaultFallPolicy, model, restored });
  const beforeTheFall = retainedOf(standingRoom());

  test('with the moment of the fall and under one name, though it had begun to analyse the room before', () => {
    const home = suspicious();
    const heir = heirOf(retainedOf(home));
    const before = [51, 52, 53].flatMap((second) => heir.observe(at(second)).events);
    const { events } = home.endLookBack(past);
    const after = heir.hearOf(retainedOf(home)).events;
    const later = Array.from({ length: 10 }, (_, index) => heir.observe(at(54 + index)).events).flat();
    const alarm = later.find(({ event }) => event === 'fall_detected');
    expect(alarm).toMatchObject({
      trace_id: events[0]?.trace_id,
      detected_at: expect.stringMatching(/^1970-01-01T00:00:4[12]/),
      evidence: { look_back: true, observed: true },
    });
    const suspicions = [...before, ...after, ...later].filter(({ event }) => event === 'fall_suspected');
    expect(new Set(suspicions.map(({ trace_id }) => trace_id)).size).toBeLessThanOrEqual(1);
    expect([...before, ...after, ...later].filter(({ event }) => event === 'fall_recovered')).toEqual([]);
  });

  test.each([
    ['a moment', 1],
    ['several seconds', 8],
  ])(
    'and does not count as recovered where both saw it by themselves %s apart, and the home is less sure',
    (_, late) => {
      const home = suspicious();
      const heir = heirOf(beforeTheFall);
      const before = Array.from({ length: late + 3 }, (_, index) => heir.observe(at(48 + index)).events).flat();
      expect(before.map(({ event }) => event)).toContain('fall_suspected');
      home.endLookBack([at(49.5)]);
      const after = heir.hearOf(retainedOf(home)).events;
      const later = Array.from({ length: 20 }, (_, index) => heir.observe(at(51 + late + index)).events).flat();
      const all = [...before, ...after, ...later];
      expect(all.filter(({ event }) => event === 'fall_recovered')).toEqual([]);
      expect(new Set(all.filter(({ event }) => event !== 'fall_recovered').map(({ trace_id }) => trace_id)).size).toBe(
        1,
      );
      expect(later.map(({ event }) => event)).toContain('fall_detected');
    },
  );

  test('unless it has raised the alarm itself', () => {
    const home = suspicious();
    const heir = heirOf(retainedOf(home));
    for (let second = 51; second < 80; second += 1) {
      heir.observe(at(second));
    }
    expect(heir.fallState).toBe('alarm');
    home.endLookBack(past);
    expect(heir.hearOf(retainedOf(home)).events).toEqual([]);
    expect(heir.fallState).toBe('alarm');
  });
});
