import type { Zone } from '@vigilia/vision';
import { type ClipDetector, type ClipWatch, openClipDetector } from './clip-detector.ts';
import type { Clip } from './clip-list.ts';
import type { FrameNoise } from './frame-noise.ts';
import type { Model } from './model.ts';
import { lightSeconds, lights, type NightProgram, nightPrograms, type Piece } from './night-programs.ts';
import { hashText, seededRandom } from './random.ts';
import { type Decision, type LookBack, productLookBack, type Scene, type Simulated, simulate } from './simulate.ts';

export interface NightRun {
  readonly program: NightProgram;
  readonly modelId: string;
  readonly fps: number;
  /** The room looked back on suspicion. */
  readonly looksBack: boolean;
  readonly hours: number;
  /** Distinct seconds of clips behind it. */
  readonly sourceSeconds: number;
  readonly simulated: Simulated;
}

/** Distinct noise and jitter variants of each frame and light. */
const variants = 3;
/** Frames of clips are taken so often, as look-backs see them: what is shown must not jump between two of their frames. Seconds. */
const frameSeconds = 1 / productLookBack.fps;

/** A piece with its detector and length in the loop. */
interface Laid {
  readonly detector: ClipDetector;
  readonly watch: ClipWatch;
  readonly from: number;
  readonly to: number;
  /** When it begins and ends in the loop. */
  readonly starts: number;
  readonly ends: number;
}

/**
 * How often the hours of all programs are repeated at a rate, each time with other noise. 504 hours without an alarm are what it takes
 * to exclude more than one per room-week (95 %): 16 repetitions. At higher rates that would take too long: the number of looks is bounded.
 */
const repetitionsAt = (fps: number): number => Math.max(1, Math.floor(16 * Math.min(1, fullRate / fps)));

/** Up to this rate (frames per second) all repetitions are made. */
const fullRate = 0.1;

/** Watches all programs with one model at one rate. An alarm in any of them is false. */
export async function runNights(
  clips: readonly Clip[],
  model: Model,
  o: {
    readonly fps: number;
    readonly decision: Decision;
    readonly lookBack?: LookBack | undefined;
    readonly cacheFolder: string;
    readonly progress: (text: string) => void;
    readonly programs?: readonly NightProgram[];
    /** Default: by rate. */
    readonly repetitions?: number;
  },
): Promise<NightRun[]> {
  const runs: NightRun[] = [];
  for (const program of o.programs ?? nightPrograms) {
    const detectors = new Map<string, ClipDetector>();
    for (const { clip: name } of program.pieces) {
      const clip = clips.find((one) => one.name === name);
      if (!clip) throw new Error(`The night "${program.title}" needs the clip ${name}, which is not in the clip list.`);
      if (!detectors.has(name)) {
        detectors.set(name, await openClipDetector(clip, model, o));
      }
    }
    const laid = layAll(program.pieces, detectors);
    const zones = [...(clips.find(({ name }) => name === program.zonesOf)?.zones ?? []), ...(program.moreZones ?? [])];
    const hours = program.hours * (o.repetitions ?? repetitionsAt(o.fps));
    const show = scene(laid, { ...program, hours }, zones);
    const simulated = await simulate(show, { fps: o.fps, phase: 0, decision: o.decision, lookBack: o.lookBack });
    const sourceSeconds = laid.reduce((sum, { from, to }) => sum + to - from, 0);
    const looksBack = o.lookBack !== undefined;
    runs.push({ program, modelId: model.id, fps: o.fps, looksBack, hours, sourceSeconds, simulated });
    for (const detector of detectors.values()) {
      await detector[Symbol.asyncDispose]();
    }
    o.progress(`${model.id} at ${o.fps} fps${looksBack ? ', looking back' : ''}: ${program.title}, ${hours} h`);
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
    laid.push({
      detector,
      watch: detector.watch(),
      from,
      to,
      starts,
      ends: starts + to - from + (piece.holdSeconds ?? 0),
    });
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
    look(second, standingHeight) {
      const within = program.thereAndBack ? thereAndBack(second, length) : second % length;
      const piece = laid.find(({ ends }) => within < ends) ?? laid.at(-1) ?? first;
      const shown = Math.min(within - piece.starts, piece.to - piece.from);
      const at = piece.from + Math.floor(shown / frameSeconds) * frameSeconds;
      return piece.watch.at({ second: at, noise: noiseAt(second, program.title) }, standingHeight);
    },
  };
}

/** 0 … length … 0 … */
function thereAndBack(second: number, length: number): number {
  const within = second % (2 * length);
  return within < length ? within : 2 * length - within;
}

function noiseAt(second: number, seed: string): FrameNoise {
  const variant = 1 + Math.floor(seededRandom(hashText(`${seed}@${second.toFixed(1)}`))() * variants);
  return { variant, light: lights[Math.floor(second / lightSeconds) % lights.length] ?? 'plain' };
}
