import { jest } from '@jest/globals';
import { FakeClock } from '@vigilia/testing';
import { HostWorker, type ScheduledRoom } from './host-worker.ts';

/** A model that computes on one frame after another, however many it is given. */
class TestModel {
  alive = true;
  /** When each frame was handed over. */
  readonly given: number[] = [];
  readonly #clock: FakeClock;
  #free: Promise<unknown> = Promise.resolve();

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  compute(costMs: number): Promise<unknown> {
    this.given.push(this.#clock.monotonic());
    this.#free = this.#free.then(() => this.#clock.sleep(costMs));
    return this.#free;
  }
}

/** A room whose camera gives a frame every 40 ms and whose analysis takes `costMs`. */
class TestRoom implements ScheduledRoom {
  readonly results: number[] = [];
  blind = false;
  readonly #clock: FakeClock;
  readonly #model: TestModel;
  readonly #costMs: number;
  #analysed = -1;

  constructor(model: TestModel, clock: FakeClock, costMs: number) {
    this.#model = model;
    this.#clock = clock;
    this.#costMs = costMs;
  }

  /** Notifies the worker of each frame, as a stream does. */
  film(worker: HostWorker, untilMs: number): void {
    for (let at = 40; at <= untilMs; at += 40) {
      this.#clock.setTimeout(() => worker.serveNext(), at);
    }
  }

  offer() {
    const frameMs = Math.floor(this.#clock.monotonic() / 40) * 40;
    if (this.blind || frameMs <= this.#analysed) return undefined;
    return { frameMs, waitingSinceMs: frameMs, frameIntervalMs: undefined };
  }

  async analyse(): Promise<void> {
    this.#analysed = Math.floor(this.#clock.monotonic() / 40) * 40;
    await this.#model.compute(this.#costMs);
    this.results.push(this.#clock.monotonic());
  }
}

function worked() {
  const clock = new FakeClock();
  const model = new TestModel(clock);
  const worker = new HostWorker({ clock, isAlive: () => model.alive });
  return { clock, model, worker, room: (costMs: number) => new TestRoom(model, clock, costMs) };
}

const quiet = (fps: number) => ({ intervalMs: 1000 / fps, claim: 'quiet' as const });

test('rooms are served at their rates, one after another', async () => {
  const { clock, worker, room } = worked();
  const rooms = [room(100), room(100)];
  for (const room of rooms) {
    worker.join(room, quiet(1));
  }
  for (const room of rooms) {
    room.film(worker, 10_000);
  }
  await clock.advance(10_000);
  expect(rooms.map((room) => room.results.length)).toEqual([10, 10]);
  const all = rooms.flatMap((room) => room.results).sort((a, b) => a - b);
  expect(Math.min(...all.slice(1).map((at, i) => at - (all[i] ?? 0)))).toBeGreaterThanOrEqual(100);
});

test('a blind room is passed over and served with its next frame', async () => {
  const { clock, worker, ...make } = worked();
  const room = make.room(10);
  room.blind = true;
  worker.join(room, quiet(1));
  await clock.advance(5000);
  expect(room.results).toEqual([]);
  room.blind = false;
  worker.serveNext();
  await clock.advance(10);
  expect(room.results).toEqual([5010]);
  expect(worker.skipped(room)).toBe(0);
});

test('a room is due at once after a change, and at its new rate', async () => {
  const { clock, worker, ...make } = worked();
  const room = make.room(10);
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
  const { clock, worker, ...make } = worked();
  const room = make.room(10);
  room.film(worker, 6000);
  worker.join(room, quiet(1));
  await clock.advance(1500);
  worker.leave(room);
  await clock.advance(5000);
  expect(room.results).toHaveLength(2);
  expect(clock.pending).toBe(0);
});

const { signal } = new AbortController();

test('work that may wait is done one piece at a time while no room is due, and no room waits for more than one piece', async () => {
  const { clock, model, worker, ...make } = worked();
  const room = make.room(10);
  worker.join(room, quiet(1));
  room.film(worker, 4000);
  await clock.advance(1500);
  const done: number[] = [];
  for (let piece = 0; piece < 40; piece += 1) {
    void worker.inSpareTime(() => model.compute(30), signal).then(() => done.push(clock.monotonic()));
  }
  await clock.advance(2500);
  expect(done).toHaveLength(40);
  expect(Math.min(...done.slice(1).map((at, index) => at - (done[index] ?? 0)))).toBeGreaterThanOrEqual(30);
  const [, before = 0, during = 0, next = 0] = room.results;
  expect(during - before).toBeLessThanOrEqual(1000 + 30 + 10);
  expect(next - during).toBeLessThanOrEqual(1000 + 30 + 10);
});

test('work that may wait is not done while rooms need all of the model', async () => {
  const { clock, model, worker, ...make } = worked();
  const room = make.room(100);
  worker.join(room, quiet(10));
  room.film(worker, 3000);
  await clock.advance(500);
  let done = false;
  void worker
    .inSpareTime(() => model.compute(30), signal)
    .then(() => {
      done = true;
    });
  await clock.advance(1000);
  expect(done).toBe(false);
  worker.leave(room);
  worker.serveNext();
  await clock.advance(200);
  expect(done).toBe(true);
});

test('work that may wait is forgotten when its caller gives up', async () => {
  const { clock, model, worker, ...make } = worked();
  const room = make.room(100);
  worker.join(room, quiet(10));
  room.film(worker, 3000);
  await clock.advance(500);
  const abort = new AbortController();
  let begun = false;
  const work = worker.inSpareTime(async () => {
    begun = true;
  }, abort.signal);
  abort.abort(new Error('too late'));
  await expect(work).rejects.toThrow('too late');
  worker.leave(room);
  worker.serveNext();
  await clock.advance(200);
  expect(begun).toBe(false);
  expect(model.alive).toBe(true);
});

test('work that may wait leaves nothing at the signal of its caller, who may have hundreds of pieces', async () => {
  const { clock, model, worker } = worked();
  const caller = new AbortController();
  const added = jest.spyOn(caller.signal, 'addEventListener');
  const removed = jest.spyOn(caller.signal, 'removeEventListener');
  const work = [1, 2, 3].map(() => worker.inSpareTime(() => model.compute(30), caller.signal));
  await clock.advance(200);
  await Promise.all(work);
  expect(added.mock.calls.length).toBeGreaterThan(2);
  expect(removed.mock.calls.map(([, listener]) => listener)).toEqual(added.mock.calls.map(([, listener]) => listener));
});

/** Looks at every millisecond, for as long. */
async function monitor(worker: HostWorker, clock: FakeClock, forMs: number): Promise<void> {
  for (let ms = 0; ms < forMs; ms++) {
    await clock.advance(1);
    worker.serveNext();
  }
}

/** A room that always has a frame, which takes `costMs`. */
const greedy = (model: TestModel, clock: FakeClock, costMs: () => number): ScheduledRoom => ({
  offer: () => ({ frameMs: clock.monotonic(), waitingSinceMs: clock.monotonic(), frameIntervalMs: undefined }),
  analyse: async () => void (await model.compute(costMs())),
});

test('the next frame is handed over when three quarters of an analysis are done, and no third one', async () => {
  const { clock, model, worker } = worked();
  worker.join(
    greedy(model, clock, () => 100),
    quiet(1000),
  );
  await monitor(worker, clock, 500);
  // the first is measured, from then on the model never waits
  expect(model.given).toEqual([0, 100, 175, 275, 375, 475]);
});

test('frames that are looked at three times take three times as long, and so does the next one', async () => {
  const { clock, model, worker } = worked();
  const [upright, turned] = [greedy(model, clock, () => 100), greedy(model, clock, () => 300)];
  worker.join(upright, quiet(1000));
  worker.join(turned, quiet(1000));
  await monitor(worker, clock, 2000);
  // what the model has to do when a frame comes: a quarter of one kind or of the other, never more
  const ends: number[] = [];
  for (const [index, at] of model.given.entries()) {
    ends.push(Math.max(at, ends.at(-1) ?? 0) + (index % 2 === 0 ? 100 : 300));
  }
  const early = model.given.slice(3).map((at, index) => (ends[index + 2] ?? 0) - at);
  expect(new Set(early)).toEqual(new Set([25, 75]));
});

test('a model that is being replaced gets no second frame: only one is lost', async () => {
  const { clock, model, worker } = worked();
  worker.join(
    greedy(model, clock, () => (model.given.length > 2 ? 1000 : 100)),
    quiet(1000),
  );
  await monitor(worker, clock, 280);
  const before = model.given.length;
  model.alive = false;
  await monitor(worker, clock, 900);
  expect(model.given.length).toBe(before);
  model.alive = true;
  await monitor(worker, clock, 400);
  expect(model.given.length).toBeGreaterThan(before);
});

test('an analysis that takes twice what is usual may never end: rooms that are due later wait for it', async () => {
  const { clock, model, worker } = worked();
  let costMs = 100;
  const [hanging, other] = [greedy(model, clock, () => costMs), greedy(model, clock, () => 100)];
  worker.join(hanging, quiet(1));
  await clock.advance(900);
  costMs = 5000;
  await clock.advance(350); // it is due again at 1000
  worker.join(other, quiet(1));
  await monitor(worker, clock, 4700);
  expect(model.given).toEqual([0, 1000]);
  await monitor(worker, clock, 200);
  expect(model.given.length).toBeGreaterThan(2);
});
