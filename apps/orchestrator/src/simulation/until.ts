import type { SimWorld } from './sim-world.ts';

/**
 * Runs a world until `done` holds; returns how long that took, in simulated ms.
 * @throws Error naming `what` when `limitMs` is over
 */
export function until(world: SimWorld, what: string, done: () => boolean, limitMs = 60_000): number {
  for (let waited = 0; waited < limitMs; waited += 50) {
    if (done()) return waited;
    world.run(50);
  }
  throw new Error(`${what} did not happen within ${limitMs} ms`);
}

/** Rates of a processor's rooms. */
export function fpsOf(world: SimWorld, instanceId: string): Record<number, number> {
  const streams = world.processors.get(instanceId)?.streams ?? [];
  return Object.fromEntries([...streams].map(([id, stream]) => [id, stream.maxFps]));
}
