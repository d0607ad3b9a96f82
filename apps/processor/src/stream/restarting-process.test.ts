import { createBackoff } from '@vigilia/service';
import { FakeClock } from '@vigilia/testing';
import { RestartingProcess, type SessionEnd, type StreamProcessEvents } from './restarting-process.ts';

/** Processes that open at once; `log` has what became of each. */
function camera() {
  const clock = new FakeClock();
  const log: string[] = [];
  let events: StreamProcessEvents | undefined;
  let count = 0;
  const process = new RestartingProcess({
    clock,
    backoff: createBackoff({ minMs: 1000, maxMs: 1000, jitter: 0 }),
    open: async (given) => {
      events = given;
      const name = ++count;
      log.push(`open ${name}`);
      const stop = async (end?: SessionEnd): Promise<void> => void log.push(`${end} ${name}`);
      return { opened: true, pid: name, errors: () => [], stop };
    },
    onOpening: () => {},
    onFrame: () => {},
    onPacket: () => {},
    wantsKeyframe: () => true,
    onUnwantedKeyframe: () => {},
    onKeyframesFail: () => {},
    onTrouble: () => {},
  });
  process.start(10_000);
  const fail = (): void => events?.onEnd({ cause: 'decoder', detail: 'it ended', final: false });
  return { clock, log, process, fail };
}

test('a camera stays connected while a decoder is replaced, and no longer', async () => {
  const { clock, log, fail } = camera();
  await clock.advance(100);
  fail();
  await clock.advance(5000);
  expect(log).toEqual(['open 1', 'keep 1', 'open 2', 'leave 1']);
});

test('a room that is stopped while its decoder is replaced leaves nothing open', async () => {
  const { clock, log, process, fail } = camera();
  await clock.advance(100);
  fail();
  await process.stop();
  expect(log).toEqual(['open 1', 'keep 1', 'leave 1']);
  expect(clock.pending).toBe(0);
});
