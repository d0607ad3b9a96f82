import { PubackQueue } from './puback-queue.ts';

test('a message handled early waits for those before it', () => {
  const queue = new PubackQueue();
  const sent: number[] = [];
  const [first, second, third] = [1, 2, 3].map((id) => queue.enter(() => sent.push(id)));
  second?.();
  expect(sent).toEqual([]);
  first?.();
  expect(sent).toEqual([1, 2]);
  third?.();
  expect(sent).toEqual([1, 2, 3]);
});
