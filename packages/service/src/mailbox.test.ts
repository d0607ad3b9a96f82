import { createMailbox } from './mailbox.ts';

function gate() {
  let open = (): void => {};
  const wait = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { wait, open };
}

test('handles one at a time, in order, and refuses what does not fit', async () => {
  const hold = gate();
  const log: string[] = [];
  const box = createMailbox<number>({
    capacity: 2,
    handle: async (item) => {
      log.push(`begin ${item}`);
      await hold.wait;
      log.push(`end ${item}`);
    },
    onError: () => {},
  });
  expect(box.post(1)).toBe(true);
  await Promise.resolve();
  expect([box.post(2), box.post(3), box.post(4)]).toEqual([true, true, false]);
  expect(box.waiting).toBe(2);
  hold.open();
  await box.idle();
  expect(log).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
});

test('a failing item is reported and the next one is handled', async () => {
  const failed: [unknown, number][] = [];
  const done: number[] = [];
  const box = createMailbox<number>({
    capacity: 5,
    handle: (item) => {
      if (item === 1) {
        throw new Error('bad');
      }
      done.push(item);
    },
    onError: (error, item) => failed.push([(error as Error).message, item]),
  });
  box.post(1);
  box.post(2);
  await box.idle();
  expect(failed).toEqual([['bad', 1]]);
  expect(done).toEqual([2]);
});

test('close waits for the item in hand, drops the others and takes no more', async () => {
  const hold = gate();
  const done: number[] = [];
  const box = createMailbox<number>({
    capacity: 5,
    handle: async (item) => {
      await hold.wait;
      done.push(item);
    },
    onError: () => {},
  });
  box.post(1);
  box.post(2);
  await Promise.resolve();
  const closed = box.close();
  hold.open();
  await closed;
  expect(done).toEqual([1]);
  expect(box.post(3)).toBe(false);
});
