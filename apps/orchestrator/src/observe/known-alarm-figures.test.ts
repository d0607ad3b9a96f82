import { makeDetections } from '@vigilia/simulated-site';
import { KnownAlarmFigures } from './known-alarm-figures.ts';

const at = '2026-03-03T10:00:00.000Z';
const detections = makeDetections({ instanceId: 'processor-a', bootId: 'b', at }, 2, { model_id: 'movenet' });
const limitMs = 16_000;

test('a room counts as watched between two results, and not across a time in which it was unwatched or unheard', () => {
  const known = new KnownAlarmFigures();
  for (const ms of [0, 10_000, 20_000, 60_000, 70_000]) {
    known.seen(detections, ms, limitMs);
  }
  expect(known.watched.roomMs).toEqual(new Map([[2, 30_000]]));
  known.connected();
  known.seen(detections, 75_000, limitMs);
  expect(known.watched.modelMs).toEqual(new Map([['movenet', 30_000]]));
});

test('a room that two models watch is watched by each of them all the time, and counts once', () => {
  const known = new KnownAlarmFigures();
  for (const ms of [0, 10_000, 20_000]) {
    known.seen(detections, ms, limitMs);
    known.seen({ ...detections, model_id: 'yolo' }, ms + 1000, limitMs);
  }
  expect(known.watched.roomMs).toEqual(new Map([[2, 21_000]]));
  expect(known.watched.modelMs).toEqual(
    new Map([
      ['movenet', 20_000],
      ['yolo', 20_000],
    ]),
  );
});

test('time that was watched while the figures were published is counted with the next ones', () => {
  const known = new KnownAlarmFigures();
  known.seen(detections, 0, limitMs);
  known.seen(detections, 10_000, limitMs);
  const { roomMs, modelMs, sinceMs } = known.watched;
  const counted = { roomMs: new Map(roomMs), modelMs: new Map(modelMs), sinceMs };
  known.seen(detections, 20_000, limitMs);
  known.put({ alarms: [], weeks: [], updated_at: at }, counted, 20_000);
  expect(known.watched).toEqual({
    roomMs: new Map([[2, 10_000]]),
    modelMs: new Map([['movenet', 10_000]]),
    sinceMs: 20_000,
  });
});
