import { captureLogger } from '@vigilia/testing';
import { runInTurn } from './run-in-turn.ts';

test('a part that fails is logged and keeps no other part from the state of the site', async () => {
  const { logger, lines } = captureLogger();
  const ran: string[] = [];
  const steps = [
    async () => {
      await Promise.resolve();
      ran.push('alarms');
    },
    () => {
      throw new Error('no library');
    },
    () => Promise.reject(new Error('no room')),
    () => void ran.push('pictures'),
  ];
  await runInTurn(steps, logger);
  expect(ran).toEqual(['alarms', 'pictures']);
  expect(lines.map(({ event }) => event)).toEqual(['look_failed', 'look_failed']);
});
