import type { Box, Detection } from '../detection/detection.ts';
import type { Zone } from '../zones/zone.ts';
import { defaultFallPolicy, type FallPolicy } from './fall-policy.ts';
import type { RoomEffect } from './room-effects.ts';
import type { FallDecisionState } from './room-state.ts';
import { createRoomVision } from './room-vision.ts';

/** Frames of the scenes below are 640×480; a person is 200 px tall. */
export const image = { width: 640, height: 480 };

export const person = (box: Box, confidence = 0.8): Detection => ({ classId: 0, className: 'person', confidence, box });
export const standing = (x = 300, y = 400): Detection => person({ x1: x - 40, y1: y - 200, x2: x + 40, y2: y });
export const sitting = (x = 300, y = 400): Detection => person({ x1: x - 45, y1: y - 130, x2: x + 45, y2: y });
export const lying = (x = 300, y = 400): Detection => person({ x1: x - 95, y1: y - 60, x2: x + 95, y2: y }, 0.6);
export const sittingOnFloor = (x = 300, y = 400): Detection => person({ x1: x - 40, y1: y - 90, x2: x + 40, y2: y });
/** Where `lying()` lies, with its lower half inside. */
export const bed: Zone = {
  kind: 'bed',
  points: [
    [0.3, 0.7],
    [0.65, 0.7],
    [0.65, 0.86],
    [0.3, 0.86],
  ],
};

export type Scene = (second: number) => readonly Detection[];
export interface TimedEffect {
  readonly at: number;
  readonly effect: RoomEffect;
}

/** Plays a scene at a rate, ticking once a second between looks; gives everything that was reported with its second. */
export function play(o: {
  scene: Scene;
  seconds: number;
  fps?: number;
  from?: number;
  zones?: readonly Zone[] | undefined;
  policy?: FallPolicy;
  state?: FallDecisionState | undefined;
  size?: { width: number; height: number };
  /** The model is shown every second frame mirrored. */
  mirrors?: boolean;
}): { told: TimedEffect[]; state: FallDecisionState } {
  const vision = createRoomVision({ policy: o.policy ?? defaultFallPolicy, zones: 'zones' in o ? o.zones : [] });
  const told: TimedEffect[] = [];
  const interval = 1000 / (o.fps ?? 1);
  const from = (o.from ?? 0) * 1000;
  let state = o.state ?? vision.empty();
  let nextTick = from + 1000;
  let shown = 0;
  const tickUntil = (until: number) => {
    for (; nextTick < until; nextTick += 1000) {
      const [ticked, effects] = vision.tick(state, nextTick);
      state = ticked;
      told.push(...effects.map((effect) => ({ at: nextTick / 1000, effect })));
    }
  };
  for (let atMs = from; atMs <= from + o.seconds * 1000; atMs += interval) {
    tickUntil(atMs);
    const { width, height } = o.size ?? image;
    const mirrored = o.mirrors === true && shown % 2 === 1;
    shown += 1;
    const [next, effects] = vision.observe(state, { atMs, detections: o.scene(atMs / 1000), width, height, mirrored });
    state = next;
    told.push(...effects.map((effect) => ({ at: atMs / 1000, effect })));
  }
  return { told, state };
}

/** The news among what was reported, without requests: `['suspected', 'detected', …]`. */
export const kinds = (told: readonly TimedEffect[]): string[] =>
  told.map(({ effect }) => effect.kind).filter((kind) => kind !== 'burst' && kind !== 'look_back');

/** The second of the first news of a kind; undefined: none. */
export const when = (told: readonly TimedEffect[], kind: RoomEffect['kind']): number | undefined =>
  told.find(({ effect }) => effect.kind === kind)?.at;
