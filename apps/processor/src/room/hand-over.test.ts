import type { RoomState } from '@vigilia/protocol';
import { FakeClock } from '@vigilia/testing';
import { type Detection, defaultFallPolicy as policy } from '@vigilia/vision';
import { FakeModel, person, settings } from '../test-support/fake-room.ts';
import type { RoomEventFields } from './room-events.ts';
import { RoomPeople } from './room-people.ts';

const frameSize = { width: 640, height: 360 };
const upright = person(60, 170);
const lying = person(190, 70, { confidence: 0.4 });
const fallsAtMs = 60_000;

interface Watcher {
  readonly name: string;
  readonly everyMs: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

const retainedOf = (people: RoomPeople): RoomState =>
  JSON.parse(JSON.stringify({ source_id: 2, watcher: 'x', since: new Date(0).toISOString(), ...people.state() }));

/** One scene, several watchers who hear each other's retained state as soon as it is published. */
function monitor(watchers: readonly Watcher[], scene: (atMs: number) => readonly Detection[]): RoomEventFields[] {
  const events: RoomEventFields[] = [];
  const processors = new Map<string, RoomPeople>();
  let retained: RoomState | undefined;
  for (let atMs = 0; atMs <= 120_000; atMs += 100) {
    for (const { name, everyMs, fromMs, untilMs } of watchers) {
      if (atMs < fromMs || atMs > untilMs) continue;
      const start = () =>
        new RoomPeople({
          sourceId: 2,
          settings,
          policy,
          model: new FakeModel(new FakeClock(), name),
          restored: retained,
        });
      const people = processors.get(name) ?? start();
      processors.set(name, people);
      const looks = (atMs - fromMs) % everyMs === 0;
      if (!looks && atMs % 1000 !== 0) continue;
      const conclusion = looks ? people.observe({ atMs, detections: scene(atMs), frameSize }) : people.tick(atMs);
      events.push(...conclusion.events);
      if (!conclusion.changed) continue;
      retained = retainedOf(people);
      for (const other of watchers) {
        const running = atMs >= other.fromMs && atMs <= other.untilMs;
        if (other.name !== name && running) {
          processors.get(other.name)?.hearOf(retained);
        }
      }
    }
  }
  return events;
}

const fall = (atMs: number): readonly Detection[] => [atMs < fallsAtMs ? upright : lying];
const ids = (events: readonly RoomEventFields[], type: string) =>
  new Set(events.filter(({ event }) => event === type).map(({ event_id }) => event_id));

describe('a person falls while a room is handed over', () => {
  const cases = [1, 5, 8, 25].flatMap((overlap) =>
    [0.3, overlap / 2, overlap - 0.1].map((into) => [overlap, into] as const),
  );
  it.each(cases)('both watch for %d s and the fall is %d s into it: one fall, one alarm', (overlap, into) => {
    const takenMs = fallsAtMs - Math.round(into * 10) * 100;
    const home = { name: 'home', everyMs: 1000, fromMs: 0, untilMs: takenMs + overlap * 1000 };
    const heir = { name: 'heir', everyMs: 700, fromMs: takenMs, untilMs: 120_000 };
    const events = monitor([home, heir], fall);
    expect(ids(events, 'fall_suspected').size).toBe(1);
    expect(ids(events, 'fall_detected').size).toBe(1);
    expect(ids(events, 'fall_recovered').size).toBe(0);
  });

  it('two watchers outside a hand-over report one fall, too, also when one analyses more often', () => {
    for (const everyMs of [500, 5000]) {
      const both = [
        { name: 'a', everyMs: 1000, fromMs: 0, untilMs: 120_000 },
        { name: 'b', everyMs, fromMs: 20_300, untilMs: 120_000 },
      ];
      const events = monitor(both, fall);
      expect([ids(events, 'fall_suspected').size, ids(events, 'fall_detected').size]).toEqual([1, 1]);
    }
  });

  it('two people who fall apart stay two, though two watch', () => {
    const far = (one: Detection, dx: number): Detection => ({
      ...one,
      box: { ...one.box, x1: one.box.x1 + dx, x2: one.box.x2 + dx },
    });
    const scene = (atMs: number) => [far(fall(atMs)[0] as Detection, -200), far(fall(atMs)[0] as Detection, 240)];
    const events = monitor(
      [
        { name: 'a', everyMs: 1000, fromMs: 0, untilMs: 120_000 },
        { name: 'b', everyMs: 700, fromMs: 20_000, untilMs: 120_000 },
      ],
      scene,
    );
    expect(ids(events, 'fall_detected').size).toBe(2);
  });
});
