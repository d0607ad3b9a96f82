import { FakeClock } from '@vigilia/testing';
import { ReadingTurns } from './reading-turns.ts';

test('what quiet cameras sent is read together, four times per second', async () => {
  const clock = new FakeClock();
  const turns = new ReadingTurns({ clock });
  const reads: string[] = [];
  for (const name of ['a', 'b']) {
    turns.join({ readBatch: () => reads.push(`${name} at ${clock.monotonic()}`) });
  }
  const startMs = clock.monotonic();
  await clock.advance(500);
  expect(reads).toEqual([250, 500].flatMap((ms) => [`a at ${startMs + ms}`, `b at ${startMs + ms}`]));
});

test('without a quiet camera the processor does not wake', async () => {
  const clock = new FakeClock();
  const turns = new ReadingTurns({ clock });
  let reads = 0;
  const reader = { readBatch: () => reads++ };
  turns.join(reader);
  await clock.advance(250);
  turns.leave(reader);
  expect(clock.pending).toBe(0);
  turns.join(reader);
  await clock.advance(250);
  expect(reads).toBe(2);
});
