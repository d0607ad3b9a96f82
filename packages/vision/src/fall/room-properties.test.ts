import fc from 'fast-check';
import type { Detection, Keypoint } from '../model/detection.ts';
import type { Zone } from '../zones/zone.ts';
import { defaultFallPolicy, type FallPolicy, fallPolicySchema } from './fall-policy.ts';
import { restoreRoom } from './room-state.ts';
import { createRoomVision } from './room-vision.ts';

/** Powers of two and whole pixels: mirrored and scaled numbers are then exact, and limits are hit alike. */
const image = { width: 1024, height: 512 };
const bed: Zone = {
  kind: 'bed',
  points: [
    [0.25, 0.625],
    [0.625, 0.625],
    [0.625, 0.875],
    [0.25, 0.875],
  ],
};

/** One moment: a frame with these people, or only time passing. */
interface Moment {
  readonly atMs: number;
  readonly people: readonly Detection[] | undefined;
}

const number = (min: number, max: number) => fc.integer({ min, max });

/** A person of some shape (width/height in percent) somewhere in the picture, sometimes hardly seen. */
const somebody = (ratioPercent: fc.Arbitrary<number>) =>
  fc
    .record({
      x: number(100, 924),
      foot: number(240, 470),
      height: number(40, 220),
      ratio: ratioPercent,
      confidence: number(15, 95),
      turned: fc.boolean(),
    })
    .map(({ x, foot, height, ratio, confidence, turned }): Detection => {
      const half = Math.floor((height * ratio) / 200);
      return {
        classId: 0,
        className: 'person',
        confidence: confidence / 100,
        box: { x1: x - half, y1: foot - height, x2: x + half, y2: foot },
        ...(turned && { turned: true }),
      };
    });

/** The same with a pose model's joints: anywhere in the box, some of them guessed. */
const somebodyWithJoints = (ratioPercent: fc.Arbitrary<number>) =>
  fc
    .tuple(
      somebody(ratioPercent),
      fc.array(fc.record({ across: number(0, 64), down: number(0, 64), seen: fc.boolean() }), {
        minLength: 17,
        maxLength: 17,
      }),
    )
    .map(([one, joints]): Detection => {
      const { x1, y1, x2, y2 } = one.box;
      const keypoints = joints.map(({ across, down, seen }) => ({
        x: x1 + Math.round(((x2 - x1) * across) / 64),
        y: y1 + Math.round(((y2 - y1) * down) / 64),
        visibility: seen ? 0.9 : 0.2,
      }));
      return { ...one, keypoints };
    });

/** People stay a while, so that suspicions grow into alarms: each act holds its people for some frames. */
const story = (ratioPercent: fc.Arbitrary<number>, who = somebody) =>
  fc
    .array(
      fc.record({
        people: fc.array(who(ratioPercent), { maxLength: 2 }),
        frames: number(1, 16),
        stepMs: fc.constantFrom(256, 1024, 8192),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((acts) => {
      const moments: Moment[] = [];
      let atMs = 0;
      for (const { people, frames, stepMs } of acts) {
        for (let frame = 0; frame < frames; frame++) {
          atMs += stepMs;
          moments.push({ atMs, people }, { atMs: atMs + stepMs / 2, people: undefined });
        }
      }
      return moments;
    });

const anyShape = fc.oneof(number(20, 60), number(60, 110), number(110, 300));
const zonesOrNot = fc.constantFrom<readonly Zone[] | undefined>(
  undefined,
  [],
  [bed],
  [
    {
      kind: 'exit',
      points: [
        [0.75, 0.375],
        [1, 0.375],
        [1, 0.875],
        [0.75, 0.875],
      ],
    },
  ],
);

/** Everything told, as `kind@ms`. `cut`: the state is written and read again before this moment. */
const told = (
  moments: readonly Moment[],
  zones: readonly Zone[] | undefined,
  policy: FallPolicy = defaultFallPolicy,
  cut = -1,
): string[] => watched(moments, zones, policy, cut).told;

/** The same, and whether anybody was ever seen LOW. */
function watched(
  moments: readonly Moment[],
  zones: readonly Zone[] | undefined,
  policy: FallPolicy,
  cut: number,
): { readonly told: string[]; readonly low: boolean } {
  let low = false;
  const vision = createRoomVision({ policy, zones });
  let state = vision.empty();
  const said = moments.flatMap(({ atMs, people }, index) => {
    if (index === cut) state = restoreRoom(JSON.parse(JSON.stringify(state))) ?? vision.empty();
    const [next, effects, seen = []] = people
      ? vision.observe(state, { atMs, detections: people, ...image })
      : vision.tick(state, atMs);
    state = next;
    low ||= seen.some(({ posture }) => posture === 'low');
    return effects.map(({ kind }) => `${kind}@${atMs}`);
  });
  return { told: said, low };
}

/** Every limit that is a time, stretched: `…Seconds` × k, `…PerSecond` ÷ k. */
function stretched(policy: FallPolicy, k: number): FallPolicy {
  const factor = (name: string) => (name.endsWith('PerSecond') ? 1 / k : name.endsWith('Seconds') ? k : 1);
  const part = (limits: Record<string, number | boolean>) =>
    Object.fromEntries(
      Object.entries(limits).map(([name, value]) => [name, typeof value === 'number' ? value * factor(name) : value]),
    );
  return fallPolicySchema.parse(
    Object.fromEntries(Object.entries(policy).map(([name, limits]) => [name, part(limits)])),
  );
}

test('no story without a LOW observation raises a fall or asks for a burst', () => {
  fc.assert(
    fc.property(story(number(20, 79)), zonesOrNot, (moments, zones) => {
      expect(told(moments, zones).filter((one) => /suspected|detected|burst/.test(one))).toEqual([]);
    }),
  );
});

test('nor does one of crouching people, with joints or without, in which nobody was seen LOW', () => {
  const crouching = number(60, 100);
  let quiet = 0;
  fc.assert(
    fc.property(fc.oneof(story(crouching), story(crouching, somebodyWithJoints)), zonesOrNot, (moments, zones) => {
      const { told: said, low } = watched(moments, zones, defaultFallPolicy, -1);
      if (low) return;
      quiet += 1;
      expect(said.filter((one) => /suspected|detected|burst/.test(one))).toEqual([]);
    }),
  );
  expect(quiet).toBeGreaterThan(5);
});

test('scaling all times and limits together changes nothing', () => {
  fc.assert(
    fc.property(story(anyShape), zonesOrNot, fc.constantFrom(0.25, 0.5, 2, 8), (moments, zones, k) => {
      const scaled = moments.map(({ atMs, people }) => ({ atMs: atMs * k, people }));
      const expected = told(moments, zones).map((one) => one.replace(/@(.*)/, (_, ms) => `@${Number(ms) * k}`));
      expect(told(scaled, zones, stretched(defaultFallPolicy, k))).toEqual(expected);
    }),
  );
});

test('mirrored observations and zones give the same events', () => {
  const mirror = (people: readonly Detection[] | undefined) =>
    people?.map(({ keypoints, ...one }) => ({
      ...one,
      box: { ...one.box, x1: image.width - one.box.x2, x2: image.width - one.box.x1 },
      ...(keypoints && { keypoints: mirroredJoints(keypoints) }),
    }));
  fc.assert(
    fc.property(fc.oneof(story(anyShape), story(anyShape, somebodyWithJoints)), zonesOrNot, (moments, zones) => {
      const mirroredZones = zones?.map((zone): Zone => ({ ...zone, points: zone.points.map(([x, y]) => [1 - x, y]) }));
      const mirrored = moments.map(({ atMs, people }) => ({ atMs, people: mirror(people) }));
      expect(told(mirrored, mirroredZones)).toEqual(told(moments, zones));
    }),
  );
});

/** Left becomes right: 1 ↔ 2 (eyes) … 15 ↔ 16 (ankles); 0 is the nose. */
function mirroredJoints(joints: readonly Keypoint[]): Keypoint[] {
  return joints.map((joint, number) => {
    const other = number === 0 ? joint : (joints[number % 2 === 0 ? number - 1 : number + 1] ?? joint);
    return { ...other, x: image.width - other.x };
  });
}

test('a new watcher goes on exactly where the old one stopped, at any moment that does not change the rate', () => {
  fc.assert(
    fc.property(story(anyShape), zonesOrNot, fc.nat(), (moments, zones, at) => {
      const steady = moments.flatMap((_, index) => (isSteady(moments, index) ? [index] : []));
      fc.pre(steady.length > 0);
      const cut = steady[at % steady.length] as number;
      expect(told(moments, zones, defaultFallPolicy, cut)).toEqual(told(moments, zones));
    }),
  );
});

/** Is the next frame as long after the last one as that was after the one before? */
function isSteady(moments: readonly Moment[], index: number): boolean {
  const isFrame = ({ people }: Moment) => people !== undefined;
  const [before, last] = moments.slice(0, index).filter(isFrame).slice(-2);
  const next = moments.slice(index).find(isFrame);
  return (
    before !== undefined &&
    last !== undefined &&
    next !== undefined &&
    next.atMs - last.atMs === last.atMs - before.atMs
  );
}

test('the stories are not all quiet: some of them alarm', () => {
  const alarms = fc
    .sample(story(anyShape), { seed: 1, numRuns: 100 })
    .filter((moments) => told(moments, []).some((one) => one.startsWith('detected')));
  expect(alarms.length).toBeGreaterThan(5);
});
