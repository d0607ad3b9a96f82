import { FakeClock } from '@vigilia/testing';
import { HostWorker, type WorkerRoom } from './host-worker.ts';

/** A room whose camera gives a picture every 40 ms and whose model takes `costMs`. */
class TestRoom implements WorkerRoom {
  readonly results: number[] = [];
  blind = false;
  private readonly clock: FakeClock;
  private readonly costMs: number;
  private analysed = -1;

  constructor(clock: FakeClock, costMs: number) {
    this.clock = clock;
    this.costMs = costMs;
  }

  /** Tells the worker of each picture, as a stream does. */
  film(worker: HostWorker, untilMs: number): void {
    for (let at = 40; at <= untilMs; at += 40) this.clock.setTimeout(() => worker.look(), at);
  }

  offer() {
    const frameMs = Math.floor(this.clock.monotonic() / 40) * 40;
    if (this.blind || frameMs <= this.analysed) return undefined;
    return { frameMs, waitingSinceMs: frameMs, frameIntervalMs: undefined };
  }

  async analyse(): Promise<void> {
    this.analysed = Math.floor(this.clock.monotonic() / 40) * 40;
    await this.clock.sleep(this.costMs);
    this.results.push(this.clock.monotonic());
  }
}

const quiet = (fps: number) => ({ intervalMs: 1000 / fps, claim: 'quiet' as const });

test('rooms are served at their rates and never two at once', async () => {
  const clock = new FakeClock();
  const worker = new HostWorker({ clock });
  const rooms = [new TestRoom(clock, 100), new TestRoom(clock, 100)];
  for (const room of rooms) worker.join(room, quiet(1));
  for (const room of rooms) room.film(worker, 10_000);
  await clock.advance(10_000);
  expect(rooms.map((room) => room.results.length)).toEqual([10, 10]);
  const all = rooms.flatMap((room) => room.results).sort((a, b) => a - b);
  expect(Math.min(...all.slice(1).map((at, i) => at - (all[i] ?? 0)))).toBeGreaterThanOrEqual(100);
});

test('a blind room is passed over and served with its next picture', async () => {
  const clock = new FakeClock();
  const worker = new HostWorker({ clock });
  const room = new TestRoom(clock, 10);
  room.blind = true;
  worker.join(room, quiet(1));
  await clock.advance(5000);
  expect(room.results).toEqual([]);
  room.blind = false;
  worker.look();
  await clock.advance(10);
  expect(room.results).toEqual([5010]);
  expect(worker.skipped(room)).toBe(0);
});

test('a room is due at once after a change, and at its new rate', async () => {
  const clock = new FakeClock();
  const worker = new HostWorker({ clock });
  const room = new TestRoom(clock, 10);
  room.film(worker, 4000);
  worker.join(room, quiet(0.1));
  await clock.advance(1000);
  worker.dueNow(room);
  await clock.advance(10);
  expect(room.results).toEqual([10, 1010]);
  worker.setRate(room, quiet(2));
  await clock.advance(2000);
  expect(room.results.length).toBe(6);
});

test('who left is not served any more, and no timer stays', async () => {
  const clock = new FakeClock();
  const worker = new HostWorker({ clock });
  const room = new TestRoom(clock, 10);
  room.film(worker, 6000);
  worker.join(room, quiet(1));
  await clock.advance(1500);
  worker.leave(room);
  await clock.advance(5000);
  expect(room.results).toHaveLength(2);
  expect(clock.pending).toBe(0);
});

test('the next picture is handed over when three quarters of an analysis are done, and no third one', async () => {
  const clock = new FakeClock();
  const worker = new HostWorker({ clock, usualMs: () => 100 });
  const begun: number[] = [];
  let free = Promise.resolve();
  const room: WorkerRoom = {
    offer: () => ({ frameMs: clock.monotonic(), waitingSinceMs: clock.monotonic(), frameIntervalMs: undefined }),
    // as a model host does it: one after another, however many are there
    analyse: () => {
      begun.push(clock.monotonic());
      free = free.then(() => clock.sleep(100));
      return free;
    },
  };
  worker.join(room, quiet(1000));
  for (let ms = 0; ms < 400; ms++) {
    await clock.advance(1);
    worker.look();
  }
  expect(begun).toEqual([0, 75, 175, 275, 375]);
});
