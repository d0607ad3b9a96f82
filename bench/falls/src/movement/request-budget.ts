/** One more frame costs 0.14 s of CPU time, a room at rest 1.15 s per minute (ADR 37): a twentieth of it, frames per second. */
const framesPerSecond = (0.05 * 1.15) / 0.14 / 60;
/** So many may be saved up. */
const mostSaved = 3;

/** What a room may spend on frames beside its usual ones: at most a twentieth of what it costs at rest. */
export class RequestBudget {
  #saved = mostSaved;
  #at: number | undefined;

  /** Whether one more frame may be requested at this second, which then counts. */
  spend(at: number): boolean {
    this.#saved = Math.min(mostSaved, this.#saved + framesPerSecond * (at - (this.#at ?? at)));
    this.#at = at;
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }
}
