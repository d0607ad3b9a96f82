import { FakeClock } from '@vigilia/testing';
import { FakeStream } from '../test-support/fake-room.ts';
import { Burst, type BurstRequest } from './burst.ts';
import { RoomFrames } from './room-frames.ts';

const request: BurstRequest = { fps: 2, seconds: 15, lateSeconds: 5 };

/** A room on key frames; `opensAfterMs`: when the stream beside shows its first frame. */
function house(opensAfterMs: number | undefined) {
  const clock = new FakeClock();
  const source = new RoomFrames({
    stream: new FakeStream(clock),
    listener: { frameArrived: () => {}, blindnessChanged: () => {} },
  });
  const openStream = (spec: FakeStream['spec']): FakeStream => {
    const extra = new FakeStream(clock, spec);
    if (opensAfterMs !== undefined) {
      clock.setTimeout(() => extra.film(500, 60_000), opensAfterMs);
    }
    return extra;
  };
  source.start();
  return { clock, burst: new Burst({ source, openStream, singleSession: false }) };
}

/** When it ends, looked at once a second as the watch does, ms after the request. */
async function lasts({ clock, burst }: ReturnType<typeof house>): Promise<number> {
  const from = clock.monotonic();
  burst.begin(request, from);
  for (;;) {
    await clock.advance(1000);
    if (burst.expire(clock.monotonic())) return clock.monotonic() - from;
  }
}

// The evaluation simulates it so (bench/falls/src/rhythm.ts): its figures hold for the product only while both agree.
it.each([
  ['opening the stream takes nothing off it', 3000, 18_000],
  ['a stream that never opens does not hold the rate up for ever', undefined, 20_000],
])('looks closely for its whole time: %s', async (_, opensAfterMs, expected) => {
  expect(await lasts(house(opensAfterMs))).toBe(expected);
});

it('asked for again while it runs: whole again from then on', async () => {
  const room = house(3000);
  room.burst.begin(request, room.clock.monotonic());
  await room.clock.advance(10_000);
  expect(room.burst.expire(room.clock.monotonic())).toBe(false);
  expect(await lasts(room)).toBe(15_000);
});
