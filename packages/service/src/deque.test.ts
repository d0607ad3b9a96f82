import fc from 'fast-check';
import { Deque } from './deque.ts';

test('a queue of any history holds what an array with the same history holds', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('push' as const), value: fc.integer() }),
    fc.record({
      kind: fc.constantFrom('shift' as const, 'removeLast' as const, 'unshift' as const),
      value: fc.integer(),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), fc.constantFrom(0, 10, 1027, 3000), (steps, before) => {
      const deque = new Deque<{ readonly value: number }>();
      let array: { readonly value: number }[] = [];
      const push = (value: number): void => {
        const item = { value };
        deque.push(item);
        array.push(item);
      };
      for (let value = 0; value < before; value += 1) {
        push(value);
      }
      for (let value = 0; value < before - 5; value += 1) {
        deque.shift();
      }
      array = array.slice(Math.max(0, before - 5));
      for (const { kind, value } of steps) {
        const last = array.at(-1);
        if (kind === 'push') {
          push(value);
        }
        if (kind === 'shift') {
          expect(deque.shift()).toBe(array.shift());
        }
        if (kind === 'removeLast' && last !== undefined) {
          deque.remove(last);
          array.pop();
        }
        if (kind === 'unshift') {
          const items = [{ value }, { value }];
          deque.unshift(items);
          array = [...items, ...array];
        }
        expect(deque.first).toBe(array[0]);
        expect(deque.length).toBe(array.length);
      }
      expect([...deque]).toEqual(array);
    }),
    { numRuns: 50 },
  );
});
