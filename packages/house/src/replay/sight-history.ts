import {
  type DetectionPayload,
  maxReplayPeople,
  type ReplayPerson,
  replayGrid,
  replayJoints,
  replaySlotMs,
  unseenJoint,
} from '@vigilia/protocol';

/** One analysed frame of a room, as its detections are published. */
export interface RoomSight {
  /** On the clock of the fall decision: epoch ms that never jump. May be earlier than that of the sight before. */
  readonly atMs: number;
  readonly modelId: string;
  /** The camera's frame in square pixels. */
  readonly frame: { readonly width: number; readonly height: number };
  readonly detections: readonly DetectionPayload[];
}

/** What a replay may show of one frame: coordinates are whole numbers of the replay's grid. */
interface SightMoment {
  readonly atMs: number;
  readonly modelId: string;
  readonly people: readonly ReplayPerson[];
}

/** What was observed in a room lately, in the order of time; bounded in time and in moments. */
export interface SightHistory {
  readonly size: { readonly width: number; readonly height: number };
  readonly moments: readonly SightMoment[];
}

/** Time that is kept: an alarm of a person who sits on the floor comes six minutes after the fall at the latest. */
export const keptSightsMs = 420_000;
/** Moments that are kept: 4 Hz for all of that time, and a little more. */
const maxMoments = 1760;
/** A joint below this visibility is a guess of the model. */
const leastVisibility = 0.2;
/** Frames whose aspects differ by less have the same shape: sizes of streams are rounded to even numbers. */
const aspectTolerance = 0.02;

/** Returns the number of the slot of 250 ms that a time is in. */
export const slotOf = (atMs: number, slotMs = replaySlotMs): number => Math.floor(atMs / slotMs);

/**
 * Adds one analysed frame to a room's history: at most one per slot of 250 ms, the first one of a slot. Frames of another shape
 * begin a new history, because their coordinates mean other places.
 */
export function addSight(before: SightHistory | undefined, sight: RoomSight): SightHistory {
  const size = gridSize(sight.frame);
  const known = before !== undefined && sameShape(before.size, size) ? before.moments : [];
  const moments = insert(known, sight, size);
  const newestMs = moments.at(-1)?.atMs ?? sight.atMs;
  const kept = moments.filter(({ atMs }) => newestMs - atMs <= keptSightsMs);
  return { size, moments: kept.slice(-maxMoments) };
}

function insert(known: readonly SightMoment[], sight: RoomSight, size: SightHistory['size']): readonly SightMoment[] {
  const after = known.findLastIndex(({ atMs }) => atMs <= sight.atMs) + 1;
  const isTaken = [known[after - 1], known[after]].some(
    (one) => one !== undefined && slotOf(one.atMs) === slotOf(sight.atMs),
  );
  if (isTaken) return known;
  return known.toSpliced(after, 0, { atMs: sight.atMs, modelId: sight.modelId, people: peopleOf(sight, size) });
}

/** Returns the size of a frame on the grid, whose longer side has 320 units. */
function gridSize({ width, height }: RoomSight['frame']): SightHistory['size'] {
  const scale = replayGrid / Math.max(width, height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Returns whether two sizes on the grid show frames of the same shape. */
export function sameShape(one: SightHistory['size'], other: SightHistory['size']): boolean {
  const [a, b] = [one.width / one.height, other.width / other.height];
  return Math.abs(a - b) <= aspectTolerance * Math.max(a, b);
}

function peopleOf({ detections, frame }: RoomSight, size: SightHistory['size']): ReplayPerson[] {
  const people = detections.filter(({ class_name: name }) => name === 'person');
  const surest = people.toSorted((a, b) => b.confidence - a.confidence).slice(0, maxReplayPeople);
  const x = (px: number): number => clip(Math.round((px * size.width) / frame.width), size.width);
  const y = (px: number): number => clip(Math.round((px * size.height) / frame.height), size.height);
  return surest.map((person): ReplayPerson => {
    const { bbox, keypoints, posture, tracker_id: trackId } = person;
    const [halfWidth, halfHeight] = [bbox.width / 2, bbox.height / 2];
    const drawn: ReplayPerson = {
      box: [x(bbox.x - halfWidth), y(bbox.y - halfHeight), x(bbox.x + halfWidth), y(bbox.y + halfHeight)],
    };
    if (trackId !== undefined) {
      drawn.track_id = trackId;
    }
    if (posture !== undefined) {
      drawn.posture = posture;
    }
    if (keypoints !== undefined) {
      drawn.joints = replayJoints.flatMap((number) => {
        const joint = keypoints[number];
        return joint === undefined || joint.visibility < leastVisibility
          ? [unseenJoint, unseenJoint]
          : [x(joint.x), y(joint.y)];
      });
    }
    return drawn;
  });
}

const clip = (value: number, limit: number): number => Math.min(Math.max(value, 0), limit);
