import { seededRandom } from '../../falls/src/random.ts';

/** Random numbers of one seed: the same seed gives the same skeletons. */
export class Random {
  /** Returns a number from 0 (included) to 1 (excluded). */
  readonly unit: () => number;

  constructor(seed: number) {
    this.unit = seededRandom(seed);
  }

  uniform(least: number, most: number): number {
    return least + (most - least) * this.unit();
  }

  /** Returns a normally distributed number (Box–Muller). */
  normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.unit());
  }

  chance(probability: number): boolean {
    return this.unit() < probability;
  }

  /** Returns one of the choices, each with its weight. */
  pick<T>(choices: readonly (readonly [weight: number, choice: T])[]): T {
    let left = this.unit() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    const last = choices.at(-1);
    if (last === undefined) throw new RangeError('The list to choose from is empty.');
    return last[1];
  }
}
