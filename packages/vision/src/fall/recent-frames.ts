import { closeFramesMs } from './close-frames.ts';
import type { Past } from './look-back.ts';
import type { FrameSeen } from './observe-room.ts';
import type { RoomEffect } from './room-effects.ts';
import type { FallDecisionState } from './room-state.ts';

/** So much of the past is decided again, ms: a person may have been on the floor in frames that did not show it. */
const rememberedMs = 30_000;
/** What was reported so stays: a room is not decided again from before such news. */
const settled: ReadonlySet<RoomEffect['kind']> = new Set(['detected', 'reminder', 'recovered', 'person_not_visible']);
/** A frame of the past this close to one that was analysed shows the same, ms. */
const sameFrameMs = 125;

interface Recent {
  /** The room before the frame. */
  readonly before: FallDecisionState;
  readonly frame: FrameSeen;
}

/** A span of time between analysed frames. */
export interface TimeSpan {
  readonly afterMs: number;
  readonly untilMs: number;
}

/**
 * The frames of the last half minute as they were analysed, so that frames that were sent between them can be put in. Frames of the past
 * are remembered, too: no moment is asked for twice.
 */
export class RecentFrames {
  #recent: Recent[] = [];
  #past: readonly FrameSeen[] = [];
  /** Frames of the past are known until then. */
  #knownUntilMs = Number.NEGATIVE_INFINITY;
  /** Those of a look-back that is going on, and what came since. */
  #lookingBack: Recent[] | undefined;

  /** The frame before is remembered however old it is: rooms may be analysed once in two minutes. */
  add(before: FallDecisionState, frame: FrameSeen): void {
    const isRecent = ({ atMs }: FrameSeen): boolean => frame.atMs - atMs <= rememberedMs;
    const last = this.#recent.at(-1);
    this.#recent = [...this.#recent.filter((one) => one === last || isRecent(one.frame)), { before, frame }];
    this.#past = this.#past.filter(isRecent);
    this.#lookingBack?.push({ before, frame });
  }

  /** Forgets what was before, where what is reported now may not be decided again. */
  reported(effects: readonly RoomEffect[]): void {
    if (effects.some(({ kind }) => settled.has(kind))) {
      this.forget();
    }
  }

  /** The room is not decided again from what was before: something else than a frame changed it. */
  forget(): void {
    this.#recent = [];
    this.#past = [];
    this.#lookingBack = undefined;
  }

  /**
   * Returns the spans from which frames are wanted, the most important one first: the latest. Empty where there is none.
   * @param nowMs frames up to then are wanted; left out: up to the last one that was analysed
   */
  begin(nowMs?: number): readonly TimeSpan[] {
    const [first] = this.#recent;
    const last = this.#recent.at(-1);
    if (first === undefined || last === undefined) return [];
    const untilMs = nowMs ?? last.frame.atMs;
    const beforeLastMs = this.#recent.at(-2)?.frame.atMs ?? frameBefore(last);
    if (
      nowMs !== undefined &&
      nowMs - last.frame.atMs < closeFramesMs &&
      last.frame.atMs - beforeLastMs < closeFramesMs
    ) {
      return [];
    }
    const lastKnownMs = nowMs === undefined ? beforeLastMs : last.frame.atMs;
    const beginsMs = first === last ? frameBefore(first) : first.frame.atMs;
    const knownUntilMs = Math.max(beginsMs, this.#knownUntilMs, untilMs - rememberedMs);
    this.#lookingBack = [...this.#recent];
    const latest = { afterMs: Math.max(lastKnownMs, knownUntilMs), untilMs };
    const earlier = { afterMs: knownUntilMs, untilMs: latest.afterMs };
    return [latest, earlier].filter((span) => span.afterMs < span.untilMs);
  }

  /** Returns all frames after a state of the room that another processor published; undefined where one of them is not remembered. */
  since(state: FallDecisionState): Past | undefined {
    const { atMs = Number.NEGATIVE_INFINITY } = state;
    const [first] = this.#recent;
    if (first === undefined || frameBefore(first) > atMs) return undefined;
    const seen = [...this.#recent.map(({ frame }) => frame), ...this.#past];
    return { before: state, frames: seen.filter((frame) => frame.atMs > atMs).sort((a, b) => a.atMs - b.atMs) };
  }

  /**
   * Ends the look-back.
   * @param past in any order
   * @returns what is decided again; undefined where there is nothing new or it was cancelled by `forget`
   */
  end(past: readonly FrameSeen[]): Past | undefined {
    const recent = this.#lookingBack;
    this.#lookingBack = undefined;
    const [first] = recent ?? [];
    if (recent === undefined || first === undefined || past.length === 0) return undefined;
    this.#past = [...this.#past, ...past];
    this.#knownUntilMs = Math.max(this.#knownUntilMs, ...past.map(({ atMs }) => atMs));
    const seen = recent.map(({ frame }) => frame);
    const between = this.#past.filter(
      (frame) => frame.atMs > frameBefore(first) && !seen.some(({ atMs }) => Math.abs(frame.atMs - atMs) < sameFrameMs),
    );
    return { before: first.before, frames: [...seen, ...between].sort((a, b) => a.atMs - b.atMs) };
  }
}

/** When the room was analysed before this frame, perhaps by another processor; the frame itself where that is not known. */
const frameBefore = ({ before, frame }: Recent): number => before.atMs ?? frame.atMs;
