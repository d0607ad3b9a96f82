import { z } from 'zod';
import { containment, iou } from '../model/box.ts';
import type { Box } from '../model/detection.ts';
import type { Track } from '../track/track.ts';
import type { FallPolicy } from './fall-policy.ts';
import { boxSchema } from './fall-state.ts';
import type { Observation } from './observation.ts';

/** What turned pictures show as people though nobody is there: chairs, made beds, carpets. Image heights. */
export const clutterSchema = z.array(z.object({ box: boxSchema, confidence: z.number(), seenAtMs: z.number() }));
export type Clutter = z.infer<typeof clutterSchema>;

const isSame = (a: Box, b: Box, policy: FallPolicy): boolean => iou(a, b) >= policy.attention.clutterIou;

/**
 * Without the turned finds that are known clutter, unless they are much surer than the clutter ever was: somebody lies
 * there now. Plain finds are never dropped: people do lie where a chair stood.
 */
export function withoutClutter(seen: readonly Observation[], clutter: Clutter, policy: FallPolicy): Observation[] {
  const margin = policy.attention.clutterMargin;
  return seen.filter(
    ({ box, turned, confidence }) =>
      !turned || !clutter.some((known) => confidence < known.confidence + margin && isSame(known.box, box, policy)),
  );
}

/**
 * May something be learned now? Only while everybody who is known is in view and nobody is low: then a turned find apart
 * from all of them is nobody.
 */
export const isCalm = (tracks: readonly Track[]): boolean =>
  tracks.every(({ missingAtMs, fall }) => missingAtMs === undefined && fall.kind === 'none');

/** Remembers a calm frame's turned finds that are none of the people in view; forgets what was not seen for a day. */
export function learnClutter(
  known: Clutter,
  seen: readonly Observation[],
  tracks: readonly Track[],
  atMs: number,
  policy: FallPolicy,
): Clutter {
  const fresh = known.filter(({ seenAtMs }) => atMs - seenAtMs <= policy.attention.clutterSeconds * 1000);
  const found = seen.filter(({ box, turned }) => turned && !tracks.some((track) => isPartOf(box, track.box, policy)));
  return found
    .reduce<Clutter>((all, one) => remember(all, one, atMs, policy), fresh)
    .slice(-policy.attention.clutterThings);
}

function remember(all: Clutter, { box, confidence }: Observation, atMs: number, policy: FallPolicy): Clutter {
  const same = all.filter((one) => isSame(one.box, box, policy));
  const surest = Math.max(confidence, ...same.map((one) => one.confidence));
  return [...all.filter((one) => !same.includes(one)), { box, confidence: surest, seenAtMs: atMs }];
}

const isPartOf = (box: Box, person: Box, { attention }: FallPolicy): boolean =>
  iou(box, person) > attention.clutterApartIou || containment(box, person) > attention.clutterApartShare;
