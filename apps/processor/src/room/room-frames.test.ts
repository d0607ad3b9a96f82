import { FakeClock } from '@vigilia/testing';
import { FakeStream } from '../test-support/fake-room.ts';
import { RoomFrames } from './room-frames.ts';

/** A room whose own stream shows a frame per second, with a second stream beside it. */
function burst() {
  const clock = new FakeClock();
  const [main, extra] = [new FakeStream(clock), new FakeStream(clock)];
  const frames = new RoomFrames({ stream: main, listener: { frameArrived: () => {}, blindnessChanged: () => {} } });
  frames.start();
  frames.startBurst(extra);
  return { clock, main, extra, frames };
}

test('a second stream whose decoder gets no CPU time does not hide the frames of the room’s own stream', async () => {
  const { clock, main, extra, frames } = burst();
  main.show();
  extra.show();
  expect(frames.take()).toBe(extra.newest());
  const taken: number[] = [];
  for (let second = 1; second <= 6; second++) {
    await clock.advance(1000);
    main.show();
    const frame = frames.take();
    if (frame !== undefined) {
      taken.push(frame.monotonicMs);
    }
  }
  expect(taken).toEqual([3000, 4000, 5000, 6000]);
});

test('no frame is older than one that was analysed, also when the second stream ends or comes back', async () => {
  const { clock, main, extra, frames } = burst();
  main.show();
  await clock.advance(500);
  extra.show();
  expect(frames.take()).toBe(extra.newest());
  frames.endBurst();
  expect(frames.offer()).toBeUndefined();
  await clock.advance(500);
  main.show();
  expect(frames.take()).toBe(main.newest());
});
