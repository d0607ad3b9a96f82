import { eventually } from './eventually.ts';

test('answers as soon as it comes true', async () => {
  let tries = 0;
  const result = await eventually(
    () => {
      tries += 1;
      expect(tries).toBe(3);
      return 'yes';
    },
    { intervalMs: 1 },
  );
  expect([result, tries]).toEqual(['yes', 3]);
});

test('names what was waited for and the last reason when time is over', async () => {
  const never = eventually(() => Promise.reject(new Error('still 0 frames')), {
    timeoutMs: 20,
    intervalMs: 5,
    message: 'a frame',
  });
  await expect(never).rejects.toThrow(/a frame did not come true within 20 ms: still 0 frames/);
});
