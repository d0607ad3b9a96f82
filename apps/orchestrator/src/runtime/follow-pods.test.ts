import { createBackoff, systemClock } from '@vigilia/service';
import { eventually } from '@vigilia/testing';
import { followPods, type PodSource } from './follow-pods.ts';

const backoff = createBackoff({ minMs: 1, maxMs: 1 });

test.each([
  ['resumes after its last event', { type: 'BOOKMARK', version: '7' }, ['1', '7'], 1],
  ['begins at a new list where that place is forgotten', { type: 'ERROR', code: 410 }, ['1', '2'], 2],
])('a watch that ends %s', async (_rule, event, expected, lists) => {
  const opened: string[] = [];
  let listed = 0;
  const source: PodSource = {
    version: async () => {
      listed += 1;
      return String(listed);
    },
    open: async (version, heard, signal) => {
      opened.push(version);
      if (opened.length === 1) return heard(event);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  };
  const following = followPods({ source, changed: () => undefined, backoff, clock: systemClock });
  await eventually(() => expect(opened).toEqual(expected));
  expect(listed).toBe(lists);
  following.stop();
});
