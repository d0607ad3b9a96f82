const confidence = 0.95;

/**
 * Returns the one-sided 95 % upper bound of a Poisson mean after `events` events (whole number): the mean at which so few
 * events are seen in only 5 % of all cases. For 0 events: −ln 0.05 = 3.0, the "rule of three".
 * Source: Garwood, *Fiducial limits for the Poisson distribution* (1936).
 */
export function poissonUpperBound(events: number): number {
  let low = events;
  let high = events + 10 * Math.sqrt(events + 1) + 10;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (cumulative(events, middle) > 1 - confidence) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return (low + high) / 2;
}

/** Returns P(X ≤ events) for a Poisson mean. */
function cumulative(events: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let count = 1; count <= events; count++) {
    term *= mean / count;
    sum += term;
  }
  return sum;
}
