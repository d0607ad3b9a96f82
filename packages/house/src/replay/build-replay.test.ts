import { channels, type DetectionPayload, type Incident, type Replay, replaySchema } from '@vigilia/protocol';
import { buildReplay } from './build-replay.ts';
import { addSight, type RoomSight, type SightHistory } from './sight-history.ts';

const fallMs = Date.parse('2026-03-01T10:00:00.000Z');
const frame = { width: 640, height: 360 };

const incident: Incident = {
  incident_id: 'inc-1',
  source_id: 2,
  state: 'open',
  drill: false,
  degraded: false,
  by: [],
  home: 'processor-a',
  watched_by: 'processor-a',
  steps: {},
  durations_ms: {},
  overrides: [],
  attempts: { spawn: 0 },
  event_ids: ['fall-1'],
  falls: [
    {
      event_id: 'fall-1',
      first_low_at: new Date(fallMs).toISOString(),
      alarm_at: new Date(fallMs + 15_000).toISOString(),
      reported_at: new Date(fallMs + 15_000).toISOString(),
    },
  ],
  opened_at: new Date(fallMs + 16_000).toISOString(),
  updated_at: new Date(fallMs + 16_000).toISOString(),
  trace_id: 'trace',
};

function person(more: Partial<DetectionPayload> = {}): DetectionPayload {
  const keypoints = Array.from({ length: 17 }, (_, joint) => ({
    x: 300 + joint,
    y: 100 + 10 * joint,
    visibility: 0.9,
  }));
  const bbox = { x: 320.4, y: 180.2, width: 100, height: 200 };
  return { class_name: 'person', confidence: 0.8, bbox, tracker_id: 7, posture: 'up', keypoints, ...more };
}

function sight(offsetMs: number, more: Partial<RoomSight> = {}): RoomSight {
  return { atMs: fallMs + offsetMs, modelId: 'movenet', frame, detections: [person()], ...more };
}

function historyOf(sights: readonly RoomSight[]): SightHistory {
  const history = sights.reduce<SightHistory | undefined>(addSight, undefined);
  if (history === undefined) throw new Error('no sight was given');
  return history;
}

function replayOf(sights: readonly RoomSight[], more: { known?: Replay; nowMs?: number } = {}): Replay | undefined {
  const { known, nowMs = fallMs + 16_000 } = more;
  return buildReplay({ incident, history: historyOf(sights), zones: [], known, nowMs });
}

const every = (intervalMs: number, fromMs: number, toMs: number): RoomSight[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / intervalMs) + 1 }, (_, at) => sight(fromMs + at * intervalMs));
const times = (replay: Replay | undefined): number[] | undefined => replay?.moments.map(({ ms }) => ms);

it('a room at 0.1 frames per second shows the few moments that were observed, at their times, and none between them', () => {
  expect(times(replayOf(every(10_000, -37_000, 43_000)))).toEqual([-17_000, -7000, 3000, 13_000]);
});

it('a room at 15 frames per second shows four moments per second', () => {
  const moments = times(replayOf(every(1000 / 15, 0, 9990))) ?? [];
  expect(moments).toHaveLength(40);
});

it('frames that are analysed afterwards take their place by their own time', () => {
  const lookBack = [sight(-1000), sight(-500), sight(0)];
  expect(times(replayOf([sight(-4000), sight(6000), ...lookBack]))).toEqual([-4000, -1000, -500, 0, 6000]);
});

it('a frame that showed no person is shown as empty', () => {
  expect(replayOf([sight(-4000, { detections: [] }), sight(0)])?.moments.map(({ people }) => people.length)).toEqual([
    0, 1,
  ]);
});

it('boxes and joints are whole numbers of a grid of 320 units, and a joint that was not seen is left out', () => {
  const hidden = person({ keypoints: person().keypoints?.map((joint) => ({ ...joint, visibility: 0.1 })) });
  const replay = replayOf([sight(0), sight(1000, { detections: [hidden] })]);
  const [seen, unseen] = replay?.moments.map(({ people }) => people[0]) ?? [];
  expect(replay?.size).toEqual({ width: 320, height: 180 });
  expect(seen).toMatchObject({ track_id: 7, posture: 'up', box: [135, 40, 185, 140] });
  expect(seen?.joints?.slice(0, 4)).toEqual([150, 50, 153, 75]);
  expect(new Set(unseen?.joints)).toEqual(new Set([-1]));
});

it('a model without joints shows boxes', () => {
  const { keypoints: _, ...boxOnly } = person();
  const [moment] = replayOf([sight(0, { detections: [boxOnly] })])?.moments ?? [];
  expect(moment?.people).toEqual([{ track_id: 7, posture: 'up', box: [135, 40, 185, 140] }]);
});

it('the processor that takes the room adds its moments to those of the one before', () => {
  const known = replayOf(every(2000, -20_000, 4000));
  const successor = every(2000, 3000, 20_000).map((one) => ({ ...one, modelId: 'yolo-pose' }));
  const replay = replayOf(successor, known === undefined ? {} : { known });
  expect(replay?.models).toEqual(['movenet', 'yolo-pose']);
  expect(times(replay)).toEqual(
    [...(times(known) ?? []), 5000, 7000, 9000, 11_000, 13_000, 15_000, 17_000, 19_000, 3000].sort((a, b) => a - b),
  );
});

it('a replay that has everything is not published again, until the time after the fall is over', () => {
  const sights = every(2000, -20_000, 4000);
  const known = replayOf(sights);
  expect(known?.complete).toBe(false);
  const again = known === undefined ? {} : { known };
  expect(replayOf(sights, again)).toBeUndefined();
  expect(replayOf(sights, { ...again, nowMs: fallMs + 22_000 })?.complete).toBe(true);
});

it('a later fall of the same incident replaces the moments of the earlier one', () => {
  const earlier = replayOf(every(2000, -20_000, 4000));
  const known = earlier && { ...earlier, fall_at: new Date(fallMs - 300_000).toISOString() };
  expect(times(replayOf([sight(0)], known === undefined ? {} : { known }))).toEqual([0]);
});

it('an earlier fall of the same incident does not replace the replay of a later one', () => {
  const later = replayOf([sight(0)]);
  const known = later && { ...later, fall_at: new Date(fallMs + 300_000).toISOString() };
  expect(replayOf(every(2000, -20_000, 4000), known === undefined ? {} : { known })).toBeUndefined();
});

it('of two processors that see the room in different shapes the one with more moments keeps the replay', () => {
  const wide = every(2000, -20_000, 4000);
  const turned = wide.map((one) => ({ ...one, frame: { width: 360, height: 640 } }));
  const [wideReplay, turnedReplay] = [replayOf(wide), replayOf(turned.slice(1))];
  if (wideReplay === undefined || turnedReplay === undefined) throw new Error('no replay was made');
  expect(replayOf(turned.slice(1), { known: wideReplay })).toBeUndefined();
  expect(replayOf(turned, { known: wideReplay })).toBeUndefined();
  expect(replayOf(turned, { known: wideReplay, nowMs: fallMs + 30_000 })).toBeUndefined();
  expect(replayOf(wide, { known: { ...turnedReplay, complete: true } })).toBeUndefined();
  expect(replayOf(wide, { known: turnedReplay })?.size).toEqual({ width: 320, height: 180 });
});

it('the replay is completed also where all its moments fit into a message only at a lower rate', () => {
  const crowd = Array.from({ length: 8 }, (_, at) => person({ tracker_id: at }));
  const known = replayOf(every(250, -20_000, -14_500).map((one) => ({ ...one, detections: crowd })));
  if (known === undefined) throw new Error('no replay was made');
  const more = every(250, -20_000, 20_000).map((one) => ({ ...one, detections: crowd }));
  const replay = replayOf(more, { known, nowMs: fallMs + 30_000 });
  expect(replay?.complete).toBe(true);
  expect(times(replay)?.at(-1)).toBeGreaterThan(15_000);
});

it('a room that was not observed around the fall has no replay', () => {
  expect(replayOf([sight(-60_000), sight(25_000)])).toBeUndefined();
});

it('frames of another shape are not mixed: the camera was turned', () => {
  const turned = { width: 360, height: 640 };
  const replay = replayOf([sight(-4000), sight(0, { frame: turned }), sight(4000, { frame: turned })]);
  expect(times(replay)).toEqual([0, 4000]);
  expect(replay?.size).toEqual({ width: 180, height: 320 });
});

it.each([1, 4, 8])('a replay of %i people at 4 Hz is valid and fits into a message', (count) => {
  const detections = Array.from({ length: count }, (_, at) => person({ tracker_id: at }));
  const sights = every(250, -20_000, 20_000).map((one) => ({ ...one, detections }));
  const replay = replayOf(sights, { nowMs: fallMs + 30_000 });
  const { maxBytes } = channels.replay;
  expect(replaySchema.safeParse(replay).error).toBeUndefined();
  expect(JSON.stringify(replay).length).toBeLessThanOrEqual(maxBytes);
  const moments = times(replay) ?? [];
  expect(moments.length).toBeGreaterThanOrEqual(20);
  expect([moments.at(0), moments.at(-1)]).toEqual([-20_000, expect.any(Number)]);
});

it('a person who sits on the floor is alarmed after six minutes, and the moments before the fall are still known then, also at 4 Hz', () => {
  const alarmedMs = 6 * 60_000;
  const replay = replayOf(every(250, -20_000, alarmedMs + 16_000), { nowMs: fallMs + alarmedMs + 16_000 });
  expect(times(replay)?.at(0)).toBe(-20_000);
});

it('a room that is observed for a day keeps minutes of it', () => {
  const history = historyOf(every(10_000, -86_400_000, 0));
  expect(history.moments).toHaveLength(43);
});
