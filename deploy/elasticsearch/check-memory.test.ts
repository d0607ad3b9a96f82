import { tooSmall } from './check-memory.mjs';

test.each([7.7e9, 16e9])('Elasticsearch is started on a machine with %d bytes of memory', (bytes) => {
  expect(tooSmall(bytes)).toBeUndefined();
});

test('on a small machine one line shows why it is not started, and what continues', () => {
  expect(tooSmall(4.1e9)).toMatch(/^This machine has 4\.1 GB of memory: .*not started.*events are kept in files/);
  expect(tooSmall(4.1e9)).not.toContain('\n');
});
