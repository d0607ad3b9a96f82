/**
 * How much one look counts. Looks close together show the same moment, and a still scene shows the same again and again: both
 * would otherwise make five looks a second five times as sure as one. All exponents are 0..1.
 */

/** Looks this far apart are independent of each other. */
const independentSeconds = 1;
/** So many independent looks at an unchanged person halve the weight of the next (its evidence grows like a logarithm). */
const sameSights = 4;
/** Not being seen any more is one fact, however often it is looked at. */
const sameMisses = 0.3;

/** Returns the weight of a look after so many seconds. */
export const frameWeight = (seconds: number): number => 1 - Math.exp(-seconds / independentSeconds);

/** @param sameWeight weights of the looks since the person last moved or changed shape */
export const detectionExponent = (weight: number, sameWeight: number): number => weight / (1 + sameWeight / sameSights);

/** @param sameWeight weights of the looks since the person was last seen */
export const missExponent = (weight: number, sameWeight: number): number => weight / (1 + sameWeight / sameMisses);

/**
 * Returns the time in which an unchanged person may have changed state, s: as the evidence of a still scene is discounted, so is the chance
 * that anything happened in it. Otherwise the belief of a person who lies still for long would drift back to where all tracks begin.
 */
export const stillSeconds = (seconds: number, sameWeight: number): number => seconds / (1 + sameWeight / sameSights);
