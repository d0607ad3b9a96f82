import { makeDetections, makePerson } from '../messages.ts';
import type { Random } from '../random.ts';
import { dedicatedFrames } from './fall-story.ts';
import { type Happening, homeOf, INTERVAL_MS, iso, message, rooms, topics } from './happening.ts';
import type { DayPlan } from './plan-day.ts';
import { add, type Truth } from './truth.ts';

export interface CameraOptions {
  readonly plan: DayPlan;
  readonly random: Random;
  readonly truth: Truth;
  readonly startMs: number;
  readonly endMs: number;
  readonly bootOf: (processor: string, atMs: number) => string;
}

interface Frame {
  readonly atMs: number;
  readonly instanceId: string;
}

/** A room may be without a frame for one and a half intervals and a second before it counts as unwatched. */
const ALLOWED_MS = 1.5 * INTERVAL_MS + 1000;

/** Every room's detections of a day, and what is true of them. */
export function cameraMessages(options: CameraOptions): Happening[] {
  return rooms.flatMap((room) => {
    const frames = framesOf(room, options);
    countTruth(room, frames, options);
    return frames.map((frame, n) => detection(room, frame, n, options));
  });
}

function framesOf(room: number, { plan, startMs, endMs }: CameraOptions): Frame[] {
  const home = homeOf(room);
  const falls = plan.falls.filter((fall) => fall.room === room);
  const isAway = (atMs: number) =>
    plan.blind.some((span) => span.room === room && atMs >= span.fromMs && atMs < span.toMs) ||
    (plan.outage.processor === home && atMs >= plan.outage.fromMs && atMs < plan.outage.toMs) ||
    falls.some(({ steps }) => atMs >= (steps.room_released ?? 0) && atMs < (steps.room_returned ?? 0));
  const frames: Frame[] = [];
  for (let atMs = startMs + 500 + room * 1100; atMs < endMs; atMs += INTERVAL_MS) {
    if (!isAway(atMs)) {
      frames.push({ atMs, instanceId: home });
    }
  }
  // a camera that comes back shows a picture at once
  for (const span of plan.blind) {
    if (span.room === room) {
      frames.push({ atMs: span.toMs, instanceId: home });
    }
  }
  return [...frames, ...falls.flatMap(dedicatedFrames)].sort((a, b) => a.atMs - b.atMs);
}

function countTruth(room: number, frames: readonly Frame[], { truth }: CameraOptions): void {
  add(truth.frames, room, frames.length);
  const minutes = new Set(frames.map(({ atMs, instanceId }) => `${instanceId} ${Math.floor(atMs / 60_000)}`));
  for (const minute of minutes) {
    add(truth.watchedMinutes, `${room} ${minute.split(' ')[0]}`, 1);
  }
  for (const [n, frame] of frames.entries()) {
    const before = frames[n - 1];
    const excessMs = before === undefined ? 0 : Math.max(0, frame.atMs - before.atMs - ALLOWED_MS);
    add(truth.unwatchedMs, room, excessMs);
    truth.unwatchedLongestMs.set(room, Math.max(truth.unwatchedLongestMs.get(room) ?? 0, excessMs));
  }
}

function detection(
  room: number,
  { atMs, instanceId }: Frame,
  n: number,
  { random, truth, bootOf }: CameraOptions,
): Happening {
  const people = random.next() < 0.55 ? random.integer(1, 3) : 0;
  truth.peopleMax.set(room, Math.max(truth.peopleMax.get(room) ?? 0, people));
  const detections = Array.from({ length: people }, (_, index) =>
    makePerson({
      confidence: Math.round((0.4 + random.next() * 0.55) * 100) / 100,
      bbox: { x: 300, y: 240, width: 80, height: 200 },
      tracker_id: index + 1,
    }),
  );
  const sender = { instanceId, bootId: bootOf(instanceId, atMs), at: iso(atMs) };
  const times = { inference_time_ms: random.integer(80, 130), latency_ms: random.integer(90, 200) };
  const result = makeDetections(sender, room, { frame_id: n, model_id: 'movenet', ...times, detections });
  return message(atMs, topics.detections(room), result);
}
