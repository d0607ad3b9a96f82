import type { Page } from 'playwright-core';

/** Counts, from the next load of the page on, the notes that it plays on the real audio context. */
export async function countNotes(window: Page): Promise<() => Promise<number>> {
  await window.addInitScript(count);
  return () => window.evaluate('globalThis.notes ?? 0');
}

/** Runs in the page before its scripts. */
function count(): void {
  const page = globalThis as unknown as {
    notes: number;
    AudioContext: { prototype: { createOscillator: () => unknown } };
  };
  page.notes = 0;
  const { prototype } = page.AudioContext;
  const create = prototype.createOscillator;
  prototype.createOscillator = function (...args): unknown {
    page.notes += 1;
    return create.apply(this, args);
  };
}
