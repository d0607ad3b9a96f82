import { Random } from './random.ts';

test('a seed gives the same numbers each time, and another seed gives others, so that a failed world can be replayed', () => {
  const numbers = (seed: number) => {
    const random = new Random(seed);
    return [random.next(), random.between(5, 6), random.integer(1, 1000), random.pick(['a', 'b', 'c', 'd'])];
  };
  expect(numbers(7)).toEqual(numbers(7));
  expect(numbers(8)).not.toEqual(numbers(7));
});

test('a list without values is rejected instead of giving undefined to a simulation', () => {
  expect(() => new Random(1).pick([])).toThrow(RangeError);
});
