import { readFileSync } from 'node:fs';
import type { Box } from '@vigilia/vision';

/** One person of a rendered frame. */
export interface TruePerson {
  readonly posture: string;
  /** Pixels of the clip's frame. */
  readonly box: Box;
}

/** The ground truth of a rendered clip. */
export interface Truth {
  readonly seconds: number;
  peopleAt(second: number): readonly TruePerson[];
}

interface TruthFile {
  readonly duration_s: number;
  readonly fps: number;
  readonly frames: readonly {
    readonly people: readonly { readonly posture: string; readonly box: readonly [number, number, number, number] }[];
  }[];
}

/** Reads the JSON beside a rendered clip. */
export function readTruth(path: string): Truth {
  const { duration_s: seconds, fps, frames } = JSON.parse(readFileSync(path, 'utf8')) as TruthFile;
  return {
    seconds,
    peopleAt(second) {
      const frame = frames[Math.min(frames.length - 1, Math.round(second * fps))];
      return (frame?.people ?? []).map(({ posture, box: [x, y, width, height] }) => ({
        posture,
        box: { x1: x, y1: y, x2: x + width, y2: y + height },
      }));
    },
  };
}
