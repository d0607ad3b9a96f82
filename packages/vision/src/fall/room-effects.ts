import type { Box } from '../model/detection.ts';
import type { Track } from '../track/track.ts';
import type { FallEffect } from './fall-machine.ts';
import type { AlarmRule, Episode, Severity } from './fall-state.ts';
import type { RoomState } from './room-state.ts';

/** Enough for a person to judge an alarm from the event alone. Field names as they are published. */
export interface FallEvidence {
  readonly abrupt: boolean;
  /** Time on the floor that counted, s. */
  readonly seconds_low: number;
  /** Mean posture score of the LOW observations; LOW from 2 on. */
  readonly posture_score: number;
  /** In how many of the LOW observations each posture rule gave points. */
  readonly posture_rules: Readonly<Record<string, number>>;
  readonly observations_seen: number;
  readonly observations_low: number;
  readonly observations_lying: number;
  readonly observations_missed: number;
  readonly confidence: number;
  readonly rule?: AlarmRule;
}

interface FallNews {
  /** The same for all news of one fall. */
  readonly fallId: string;
  readonly trackId: number;
  readonly atMs: number;
  /** First LOW. */
  readonly lowAtMs: number;
  /** Pixels of the camera's image: where the person was last seen low. */
  readonly box: Box;
  readonly evidence: FallEvidence;
}

/** Why a turned picture is wanted: somebody low is not sure or not seen, somebody is gone, or to learn what is furniture. */
export type TurnedReason = 'low_unsure' | 'low_missing' | 'person_missing' | 'nearly_low' | 'clutter';

/** What the room asks for and what it has to tell. */
export type RoomEffect =
  /** Look at this room with `fps` for `seconds`; `turned`: with turned passes on every frame. */
  | {
      readonly kind: 'burst';
      readonly fps: number;
      readonly seconds: number;
      /** Opening what it takes may last so long: the seconds count from the first picture, and from then at the latest. */
      readonly lateSeconds: number;
      readonly turned: boolean;
      readonly reason: string;
    }
  /** Look at the next frame turned too. */
  | { readonly kind: 'turned_pass'; readonly reason: TurnedReason }
  | (FallNews & { readonly kind: 'suspected' })
  | (FallNews & { readonly kind: 'detected' | 'reminder'; readonly severity: Severity; readonly alarmAtMs: number })
  /** `alarmAtMs` is absent where it was only suspected. */
  | (FallNews & { readonly kind: 'recovered'; readonly alarmAtMs?: number })
  | {
      readonly kind: 'person_not_visible';
      readonly trackId: number;
      readonly atMs: number;
      readonly lastSeenAtMs: number;
      /** Pixels of the camera's image. */
      readonly box: Box;
    };

/** Image heights → pixels of the camera's image. */
export function toPixels(box: Box, image: RoomState['image']): Box {
  const { height } = image;
  return { x1: box.x1 * height, y1: box.y1 * height, x2: box.x2 * height, y2: box.y2 * height };
}

function evidence(episode: Episode, track: Track, rule?: AlarmRule): FallEvidence {
  return {
    abrupt: episode.abrupt,
    seconds_low: Math.round(episode.timerMs / 100) / 10,
    posture_score: Math.round((episode.scoreSum / episode.low) * 100) / 100,
    posture_rules: episode.rules,
    observations_seen: episode.seen,
    observations_low: episode.low,
    observations_lying: episode.lying,
    observations_missed: episode.missed,
    confidence: Math.round(track.confidence * 1000) / 1000,
    ...(rule && { rule }),
  };
}

/** A track's news as the room tells it; `candidate` is answered with a burst elsewhere and is no news. */
export function fallNews(effect: FallEffect, track: Track, atMs: number, image: RoomState['image']): RoomEffect[] {
  if (effect.kind === 'candidate') return [];
  const { episode } = effect;
  const news = {
    fallId: episode.fallId,
    trackId: track.id,
    atMs,
    lowAtMs: episode.lowAtMs,
    box: toPixels(episode.place, image),
  };
  switch (effect.kind) {
    case 'suspected':
      return [{ kind: 'suspected', ...news, evidence: evidence(episode, track) }];
    case 'recovered': {
      const { alarmAtMs } = effect;
      const alarmed = alarmAtMs === undefined ? {} : { alarmAtMs };
      return [{ kind: 'recovered', ...news, evidence: evidence(episode, track), ...alarmed }];
    }
    default: {
      const { kind, severity, rule } = effect;
      const alarmAtMs = kind === 'reminder' ? effect.alarmAtMs : atMs;
      return [{ kind, ...news, severity, alarmAtMs, evidence: evidence(episode, track, rule) }];
    }
  }
}

/** The alarm that stands in a room, told as it was when it was raised; undefined where there is none. */
export function standingAlarm({ tracks, image }: RoomState): (RoomEffect & { readonly kind: 'detected' }) | undefined {
  for (const track of tracks) {
    const { fall } = track;
    if (fall.kind !== 'alarm') continue;
    const { episode, rule, severity, alarmAtMs } = fall;
    const about = { fallId: episode.fallId, trackId: track.id, atMs: alarmAtMs, lowAtMs: episode.lowAtMs };
    const box = toPixels(episode.place, image);
    return { kind: 'detected', ...about, box, severity, alarmAtMs, evidence: evidence(episode, track, rule) };
  }
  return undefined;
}
