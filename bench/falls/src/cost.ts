import type { Simulated } from './simulate.ts';

/** What the fall logic itself takes: milliseconds a frame, measured while the evaluation runs. */
export function logicCost(runs: readonly { readonly simulated: Simulated }[]): {
  readonly frames: number;
  readonly msPerFrame: number;
} {
  const frames = runs.reduce((sum, { simulated }) => sum + simulated.frames, 0);
  const ms = runs.reduce((sum, { simulated }) => sum + simulated.logicMs, 0);
  return { frames, msPerFrame: frames === 0 ? 0 : ms / frames };
}
