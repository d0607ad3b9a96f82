import type { FallPolicy, Zone } from '@vigilia/vision';
import { type ClipDetector, openClipDetector } from './clip-detector.ts';
import type { Clip } from './clip-list.ts';
import type { Model } from './model.ts';
import { lightSeconds, lights, type NightProgram, nightPrograms, type Piece } from './night-programs.ts';
import type { Disturbance } from './picture.ts';
import { hashText, seededRandom } from './random.ts';
import { type Scene, type Simulated, simulate } from './simulate.ts';

export interface NightRun {
  readonly program: NightProgram;
  readonly modelId: string;
  readonly fps: number;
  /** Distinct seconds of clips behind it. */
  readonly sourceSeconds: number;
  readonly simulated: Simulated;
}

/** Distinct noise and jitter variants of each frame and light. */
const variants = 3;
/** Long clips are looked at every second second only, to bound the inferences. */
const longClipSeconds = 60;

/** A piece with its detector and length in the loop. */
interface Laid {
  readonly detector: ClipDetector;
  readonly from: number;
  readonly to: number;
  /** When it begins and ends in the loop. */
  readonly starts: number;
  readonly ends: number;
}

/** All programs with one model at one rate. Falls in here are false alarms, all of them. */
export async function runNights(
  clips: readonly Clip[],
  model: Model,
  o: {
    readonly fps: number;
    readonly policy: FallPolicy;
    readonly cacheFolder: string;
    readonly progress: (text: string) => void;
    readonly programs?: readonly NightProgram[];
  },
): Promise<NightRun[]> {
  const runs: NightRun[] = [];
  for (const program of o.programs ?? nightPrograms) {
    const detectors = new Map<string, ClipDetector>();
    for (const { clip: name } of program.pieces) {
      const clip = clips.find((one) => one.name === name);
      if (clip && !detectors.has(name)) detectors.set(name, await openClipDetector(clip, model, o.cacheFolder));
    }
    const laid = layAll(program.pieces, detectors);
    const zones = [...(clips.find(({ name }) => name === program.zonesOf)?.zones ?? []), ...(program.moreZones ?? [])];
    if (laid.length === program.pieces.length) {
      const simulated = await simulate(scene(laid, program, zones), { fps: o.fps, phase: 0, policy: o.policy });
      const sourceSeconds = laid.reduce((sum, { from, to }) => sum + to - from, 0);
      runs.push({ program, modelId: model.id, fps: o.fps, sourceSeconds, simulated });
    } else o.progress(`The night "${program.title}" lacks a clip: left out.`);
    for (const detector of detectors.values()) await detector[Symbol.asyncDispose]();
    o.progress(`${model.id} at ${o.fps} fps: ${program.title}, ${program.hours} h`);
  }
  return runs;
}

function layAll(pieces: readonly Piece[], detectors: ReadonlyMap<string, ClipDetector>): Laid[] {
  const laid: Laid[] = [];
  for (const piece of pieces) {
    const detector = detectors.get(piece.clip);
    if (!detector) continue;
    const from = piece.from ?? 0;
    const to = Math.min(piece.to ?? detector.seconds, detector.seconds);
    const starts = laid.at(-1)?.ends ?? 0;
    laid.push({ detector, from, to, starts, ends: starts + to - from + (piece.holdSeconds ?? 0) });
  }
  return laid;
}

function scene(laid: readonly Laid[], program: NightProgram, zones: readonly Zone[]): Scene {
  const [first] = laid;
  if (!first) throw new Error(`The night "${program.title}" has no clip.`);
  const length = laid.at(-1)?.ends ?? 1;
  return {
    width: first.detector.width,
    height: first.detector.height,
    fromSecond: 0,
    toSecond: program.hours * 3600,
    zones,
    calibration: first.detector.calibration,
    look(second) {
      const within = program.thereAndBack ? thereAndBack(second, length) : second % length;
      const piece = laid.find(({ ends }) => within < ends) ?? laid.at(-1) ?? first;
      const step = piece.detector.seconds > longClipSeconds ? 2 : 1;
      const shown = Math.min(within - piece.starts, piece.to - piece.from);
      return piece.detector.at(piece.from + Math.floor(shown / step) * step, disturbanceAt(second, program.title));
    },
  };
}

/** 0 … length … 0 … */
function thereAndBack(second: number, length: number): number {
  const within = second % (2 * length);
  return within < length ? within : 2 * length - within;
}

function disturbanceAt(second: number, seed: string): Disturbance {
  const variant = 1 + Math.floor(seededRandom(hashText(`${seed}@${second.toFixed(1)}`))() * variants);
  return { variant, light: lights[Math.floor(second / lightSeconds) % lights.length] ?? 'plain' };
}
