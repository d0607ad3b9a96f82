import { containment, iou } from '../model/box.ts';
import type { Box } from '../model/detection.ts';
import { kalmanBox, predictKalman, startKalman, updateKalman } from '../track/kalman.ts';
import { lowPlace, type Track } from '../track/track.ts';
import type { RoomZones } from '../zones/zone.ts';
import { isInBed } from '../zones/zone-rules.ts';
import { bodyFeatures } from './body-features.ts';
import type { Sighting } from './episode.ts';
import type { FallPolicy } from './fall-policy.ts';
import type { Observation } from './observation.ts';
import { judgePosture } from './posture.ts';
import { type ReferenceHeights, standingHeight } from './reference-height.ts';

/** Height of a standing person at a box's place: learned there, else this person's own, else undefined. */
export function standingAt(
  box: Box,
  track: Pick<Track, 'height'> | undefined,
  heights: ReferenceHeights,
  policy: FallPolicy,
): number | undefined {
  return standingHeight(heights, box.y2, policy) ?? track?.height;
}

/** A track for somebody seen for the first time. */
export function newTrack(id: number, observation: Observation, atMs: number, policy: FallPolicy): Track {
  const { box, confidence } = observation;
  return {
    id,
    box,
    confidence,
    turned: observation.turned,
    trust: confidence * policy.observation.trustAtFirst,
    firstAtMs: atMs,
    seenAtMs: atMs,
    observations: 0,
    stance: 'unsure',
    rest: box,
    restAtMs: atMs,
    walkedTo: box,
    joints: 0,
    toldMissing: false,
    fall: { kind: 'none' },
  };
}

/** What an observation shows of a track: bed before posture, and nothing while a helper covers the place. */
export function sight(
  track: Track,
  observation: Observation,
  atMs: number,
  room: { readonly zones: RoomZones; readonly heights: ReferenceHeights; readonly policy: FallPolicy },
): Sighting {
  const { box } = observation;
  const standing = standingAt(box, track, room.heights, room.policy);
  const learned = standingHeight(room.heights, box.y2, room.policy) !== undefined;
  const { posture, score, lying, rules } = judgePosture(
    bodyFeatures(observation, standing, room.policy, learned),
    room.policy,
  );
  const place = lowPlace(track);
  const covered =
    place !== undefined &&
    posture !== 'low' &&
    iou(place, box) < room.policy.matching.placeIou &&
    containment(place, box) > room.policy.matching.coversPlaceShare;
  const inBed =
    posture !== 'up' && isInBed(box, track.stance === 'bed', standing ?? box.y2 - box.y1, room.zones, room.policy);
  return {
    atMs,
    posture: inBed ? 'bed' : covered ? 'unsure' : posture,
    score,
    rules,
    confidence: observation.confidence,
    turned: observation.turned,
    lying,
    box,
  };
}

/** The track after an observation, its fall state aside. */
export function seeTrack(track: Track, observation: Observation, sighting: Sighting, policy: FallPolicy): Track {
  const { box, confidence, joints } = observation;
  const { atMs, posture } = sighting;
  const { missingAtMs: _, ...rest } = track;
  const moved = iou(track.rest, box) < policy.quiet.restIou;
  const walked = displacement(track.walkedTo, box) > policy.quiet.walkedHeights * (track.height ?? box.y2 - box.y1);
  const height = personHeight(track.height, box, policy);
  return {
    ...rest,
    box,
    confidence,
    turned: observation.turned,
    trust: posture === 'low' ? track.trust : trustAfter(track, confidence, policy),
    seenAtMs: atMs,
    observations: track.observations + 1,
    stance: posture === 'part' ? 'unsure' : posture,
    ...(posture === 'up' && { upAtMs: atMs }),
    ...(posture === 'bed' && { bedAtMs: atMs }),
    ...(height !== undefined && { height }),
    ...(moved && { rest: box, restAtMs: atMs }),
    ...(walked && { walkedTo: box, walkedFromAtMs: track.seenAtMs }),
    joints: Math.max(track.joints, joints?.size ?? 0),
    toldMissing: false,
    kalman: track.kalman ? updateKalman(track.kalman, box) : startKalman(box),
  };
}

/** Carries a track's motion on to this frame; after a long time motion says nothing and is forgotten. */
export function predictTrack(track: Track, elapsedMs: number, policy: FallPolicy): Track {
  const { kalman, ...rest } = track;
  const { motionSeconds, kalmanFrameSeconds } = policy.matching;
  if (!kalman || elapsedMs > motionSeconds * 1000) return rest;
  const predicted = predictKalman(kalman, elapsedMs / 1000 / kalmanFrameSeconds);
  const { x1, y1, x2, y2 } = kalmanBox(predicted);
  return x2 > x1 && y2 > y1 ? { ...rest, kalman: predicted } : rest;
}

/** How far somebody went, image heights: head and feet both, as boxes of people who sit change at one end only. */
function displacement(from: Box, to: Box): number {
  const across = (to.x1 + to.x2 - from.x1 - from.x2) / 2;
  return Math.min(Math.hypot(across, to.y1 - from.y1), Math.hypot(across, to.y2 - from.y2));
}

/** About the 90th percentile of the heights while the box is not wide: rises quickly, sinks slowly. */
function personHeight(known: number | undefined, box: Box, policy: FallPolicy): number | undefined {
  const height = box.y2 - box.y1;
  if ((box.x2 - box.x1) / height >= policy.posture.broadRatio) return known;
  if (known === undefined) return height;
  return known + (height - known) * (height > known ? policy.heights.riseWeight : policy.heights.sinkWeight);
}

function trustAfter(track: Track, confidence: number, { observation }: FallPolicy): number {
  const before = track.missingAtMs === undefined ? track.trust : track.trust * (1 - observation.trustLost);
  return before + (confidence - before) * observation.trustWeight;
}

/** Surely a person, by what was seen while not low. */
export const isTrusted = (track: Track, policy: FallPolicy): boolean =>
  track.trust >= policy.observation.trustConfidence;

/** Never moved for half an hour and never had five joints: a coat, a curtain. */
export function isFurniture(track: Track, atMs: number, policy: FallPolicy): boolean {
  const { furnitureSeconds, furnitureJoints } = policy.quiet;
  return track.joints < furnitureJoints && atMs - track.restAtMs >= furnitureSeconds * 1000;
}
