import type { ClipRun } from './evaluate-clip.ts';

/** A run with the figures that a test is about; everything else is as if nothing had happened. */
export function clipRun(
  figures: Partial<ClipRun> & { readonly name?: string; readonly kind?: 'fall' | 'adl' },
): ClipRun {
  const { name = 'a.mp4', kind = 'fall', ...rest } = figures;
  return {
    clip: { name, path: name, set: 's', kind, zones: [] },
    modelId: 'm',
    fps: 1,
    phase: 0,
    simulated: { told: [], frames: 0, logicMs: 0 },
    found: false,
    delaySeconds: undefined,
    falseAlarms: 0,
    earlyClaims: 0,
    suspicions: 0,
    reason: undefined,
    ...rest,
  };
}
