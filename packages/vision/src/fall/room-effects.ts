import type { Box } from '../detection/detection.ts';
import type { AlarmRule, AlarmSeverity, Fall } from './fall-state.ts';
import type { FallDecisionState } from './room-state.ts';

/** Enough for a person to judge an alarm from the event alone. Field names as they are published. */
interface FallEvidence {
  readonly abrupt: boolean;
  /** Time since the person came to the floor, s. */
  readonly seconds_low: number;
  /** Looks since then that showed the person, showed them low (on the floor), lying, and did not show them. */
  readonly observations_seen: number;
  readonly observations_low: number;
  readonly observations_lying: number;
  readonly observations_missed: number;
  readonly confidence: number;
  /** Left out where false: frames of the past were analysed; the moment of the fall itself was seen. */
  readonly look_back?: true;
  readonly observed?: true;
  readonly rule?: AlarmRule;
}

interface FallNews {
  /** The same for all news of one fall. */
  readonly fallId: string;
  readonly trackId: number;
  readonly atMs: number;
  /** When the person came to the floor. */
  readonly lowAtMs: number;
  /** Pixels of the camera's frame: where the person was last seen low. */
  readonly box: Box;
  /** The same in 0..1 of the frame. */
  readonly place: Box;
  readonly evidence: FallEvidence;
}

/** What the room asks for and what it has to report. */
export type RoomEffect =
  /** Analyse this room with `fps` for `seconds`. */
  | {
      readonly kind: 'burst';
      readonly fps: number;
      readonly seconds: number;
      /** Opening what it takes may last so long: the seconds count from the first frame, and from then at the latest. */
      readonly lateSeconds: number;
      readonly reason: string;
    }
  /** Analyse what was sent between the frames of the last half minute. `low`: a fall may have begun; `vanished`: a person is out of sight whom no other explains. */
  | { readonly kind: 'look_back'; readonly reason: 'low' | 'vanished' }
  | (FallNews & { readonly kind: 'suspected' })
  | (FallNews & { readonly kind: 'detected'; readonly severity: AlarmSeverity; readonly alarmAtMs: number })
  | (FallNews & { readonly kind: 'reminder'; readonly severity: AlarmSeverity; readonly alarmAtMs: number })
  /** Up again; `alarmAtMs` only when there was an alarm. */
  | (FallNews & { readonly kind: 'recovered'; readonly alarmAtMs?: number })
  | {
      readonly kind: 'person_not_visible';
      readonly trackId: number;
      readonly atMs: number;
      readonly lastSeenAtMs: number;
      /** Pixels of the camera's frame. */
      readonly box: Box;
    };

/** Image heights → pixels of the camera's frame. */
export function toPixels(box: Box, { height }: FallDecisionState['image']): Box {
  return { x1: box.x1 * height, y1: box.y1 * height, x2: box.x2 * height, y2: box.y2 * height };
}

/** Image heights → 0..1 of the frame. */
export function toShares(box: Box, { width, height }: FallDecisionState['image']): Box {
  const aspect = width / height;
  return { x1: box.x1 / aspect, y1: box.y1, x2: box.x2 / aspect, y2: box.y2 };
}

/** What is reported of a fall: its kind decides which news it is. */
export function fallEffect(
  fall: Fall,
  kind: 'suspected' | 'detected' | 'reminder' | 'recovered',
  atMs: number,
  image: FallDecisionState['image'],
): RoomEffect {
  const news: FallNews = {
    fallId: fall.id,
    trackId: fall.trackId ?? 0,
    atMs,
    lowAtMs: fall.lowAtMs,
    box: toPixels(fall.box, image),
    place: toShares(fall.box, image),
    evidence: evidenceOf(fall, atMs),
  };
  const { alarmAtMs, severity = 'warning' } = fall;
  if (kind === 'suspected') return { kind, ...news };
  if (kind === 'recovered') return alarmAtMs === undefined ? { kind, ...news } : { kind, ...news, alarmAtMs };
  return { kind, ...news, severity, alarmAtMs: alarmAtMs ?? atMs };
}

function evidenceOf(fall: Fall, atMs: number): FallEvidence {
  const evidence: FallEvidence = {
    abrupt: fall.abrupt,
    seconds_low: Math.round(Math.max(0, atMs - fall.lowAtMs) / 100) / 10,
    observations_seen: fall.seen,
    observations_low: fall.low,
    observations_lying: fall.lying,
    observations_missed: fall.missed,
    confidence: Math.round(fall.confidence * 1000) / 1000,
  };
  const lookedBack: Partial<FallEvidence> = fall.lookedBack === true ? { look_back: true } : {};
  const observed: Partial<FallEvidence> = fall.observed === true ? { observed: true } : {};
  const rule: Partial<FallEvidence> = fall.rule === undefined ? {} : { rule: fall.rule };
  return { ...evidence, ...lookedBack, ...observed, ...rule };
}

/** The alarm that stands in a room, reported as it was when it was raised; undefined where there is none. */
export function standingAlarm({
  falls,
  image,
}: FallDecisionState): (RoomEffect & { readonly kind: 'detected' }) | undefined {
  const fall = falls.find(({ kind }) => kind === 'alarm');
  if (fall === undefined) return undefined;
  const news = fallEffect(fall, 'detected', fall.alarmAtMs ?? fall.lowAtMs, image);
  return news.kind === 'detected' ? news : undefined;
}
