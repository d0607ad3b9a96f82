import type { Ack } from '@vigilia/protocol';
import { SeenCommands } from './seen-commands.ts';

const command = { name: 'restart', params: {}, replyTo: [] };
const ack = { ack_status: 'completed' } as Ack;

it('remembers the last thousand, and never forgets one that is not answered', () => {
  const seen = new SeenCommands({ maxAgeMs: 1000, maxCount: 2 });
  seen.add('waiting', 0, command);
  for (const id of ['a', 'b', 'c']) {
    seen.add(id, 1, command).final = ack;
  }
  expect(seen.find('a', 2)).toBeUndefined();
  expect(seen.find('c', 2)?.final).toBe(ack);
  expect(seen.find('waiting', 5000)).toBeDefined();
  expect(seen.find('c', 5000)).toBeUndefined();
});
