import { Random } from '../../posture/src/random.ts';

/** Returns the numbers of a seed, 0 to 1, by the generator that the published figures of this evaluation were made with. */
export function seededRandom(seed: number): () => number {
  const random = new Random(seed);
  return () => random.unit();
}

/** A number from a text (FNV-1a), to seed by name. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
