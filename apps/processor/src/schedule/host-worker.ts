import { type Clock, type Timer, untilAborted } from '@vigilia/service';
import { type Candidate, pickRoom } from './pick-room.ts';
import { type Claim, changeRate, joinSchedule, type Offer, type RoomSchedule, served } from './room-schedule.ts';
import { UsualTime } from './usual-time.ts';

/** A room as its worker sees it. */
export interface ScheduledRoom {
  /** The frame that could be analysed now; undefined: none that is new. */
  offer(): Offer | undefined;
  /** Analyses that frame with the worker's model. Resolves when the model is free again; never rejects. */
  analyse(): Promise<void>;
}

export interface Rate {
  readonly intervalMs: number;
  readonly claim: Claim;
}

interface Place {
  schedule: RoomSchedule;
  /** Of this room: larger frames take several times as long as others. */
  readonly usual: UsualTime;
}

/** When this share of an analysis is done the next frame may be handed over, so that the model does not wait for it. */
const nearlyDone = 0.75;
/** An analysis that takes this many times what is usual may be one that never ends: nothing more is handed over. */
const overdue = 2;

/**
 * Gives one model host its work: the picture of the room that is next (`pick-room.ts`). One is analysed at a time; when that
 * is nearly done the next is chosen, no earlier, because the frame and the order of the rooms would be outdated.
 */
export class HostWorker {
  readonly #clock: Clock;
  readonly #isAlive: () => boolean;
  readonly #rooms = new Map<ScheduledRoom, Place>();
  /** What the model was given, first what it computes on. */
  readonly #inFlight: { readonly usual: UsualTime }[] = [];
  /** When the model began with the first of them, monotonic ms. */
  #begunMs = 0;
  #timer: Timer | undefined;
  /** Work that waits until no room is due. */
  readonly #spare: (() => Promise<void>)[] = [];

  /** `isAlive`: whether the model's process lives; to one that is being replaced no second frame is given. */
  constructor(options: { readonly clock: Clock; readonly isAlive: () => boolean }) {
    this.#clock = options.clock;
    this.#isAlive = options.isAlive;
  }

  /** The room is served from now on, and due at once. */
  join(room: ScheduledRoom, rate: Rate): void {
    this.#rooms.set(room, { schedule: joinSchedule(this.#clock.monotonic(), rate), usual: new UsualTime() });
    this.serveNext();
  }

  leave(room: ScheduledRoom): void {
    this.#rooms.delete(room);
    if (this.#rooms.size === 0) {
      this.#timer?.cancel();
    }
  }

  setRate(room: ScheduledRoom, rate: Rate): void {
    this.#change(room, (schedule) => changeRate(schedule, rate));
  }

  dueNow(room: ScheduledRoom): void {
    this.#change(room, (schedule) => ({ ...schedule, dueMs: this.#clock.monotonic() }));
  }

  /** How many due analyses of a room could not be done since it joined. */
  skipped(room: ScheduledRoom): number {
    return this.#rooms.get(room)?.schedule.skipped ?? 0;
  }

  /** Something changed: a frame came, a room is due. Starts the next analysis if the model is free, or nearly so. */
  serveNext(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const now = this.#clock.monotonic();
    const freeMs = this.#freeMs(now);
    const decision = freeMs > now ? { wakeMs: freeMs } : pickRoom(this.#candidates(), now);
    if ('pick' in decision) {
      this.#serve(decision.pick, now);
      return;
    }
    if (freeMs <= now && this.#inFlight.length === 0) {
      this.#useSpareTime();
    }
    if (decision.wakeMs !== undefined && Number.isFinite(decision.wakeMs)) {
      this.#timer = this.#clock.setTimeout(() => this.serveNext(), decision.wakeMs - now);
    }
  }

  /** From when the model may be given a frame; infinite: not before it has ended one. */
  #freeMs(nowMs: number): number {
    const [first, second] = this.#inFlight;
    if (first === undefined) return nowMs;
    const { ms } = first.usual;
    const never = second !== undefined || ms === undefined || !this.#isAlive() || nowMs > this.#begunMs + ms * overdue;
    return never ? Number.POSITIVE_INFINITY : this.#begunMs + ms * nearlyDone;
  }

  /**
   * Does work with the model while no room is due: one piece at a time, in the order in which it was given. Resolves like the work.
   * @throws the signal's reason; work that waits is not done then
   */
  inSpareTime<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return untilAborted(
      new Promise<T>((resolve, reject) => {
        const drop = (): void => this.#dropSpare(waiting);
        const waiting = (): Promise<void> => {
          signal.removeEventListener('abort', drop);
          return work().then(resolve, reject);
        };
        signal.addEventListener('abort', drop, { once: true });
        this.#spare.push(waiting);
        this.serveNext();
      }),
      signal,
    );
  }

  #dropSpare(waiting: () => Promise<void>): void {
    const place = this.#spare.indexOf(waiting);
    if (place >= 0) {
      this.#spare.splice(place, 1);
    }
  }

  #useSpareTime(): void {
    const work = this.#spare.shift();
    if (work === undefined) return;
    const given = { usual: new UsualTime() };
    this.#begunMs = this.#clock.monotonic();
    this.#inFlight.push(given);
    void work().finally(() => this.#ended(given));
  }

  #serve({ id, room, offer }: Candidate<ScheduledRoom>, nowMs: number): void {
    const place = this.#rooms.get(id);
    if (place === undefined) return;
    place.schedule = served(room, offer, nowMs);
    const given = { usual: place.usual };
    if (this.#inFlight.push(given) === 1) {
      this.#begunMs = nowMs;
    }
    void id.analyse().finally(() => this.#ended(given));
    this.serveNext();
  }

  #ended(given: { readonly usual: UsualTime }): void {
    const place = this.#inFlight.indexOf(given);
    this.#inFlight.splice(place, 1);
    if (place === 0) {
      const now = this.#clock.monotonic();
      given.usual.took(now - this.#begunMs);
      this.#begunMs = now; // with the next, if there is one
    }
    this.serveNext();
  }

  #change(room: ScheduledRoom, to: (schedule: RoomSchedule) => RoomSchedule): void {
    const one = this.#rooms.get(room);
    if (one === undefined) return;
    one.schedule = to(one.schedule);
    this.serveNext();
  }

  #candidates(): Candidate<ScheduledRoom>[] {
    return [...this.#rooms].flatMap(([id, { schedule }]) => {
      const offer = id.offer();
      return offer === undefined ? [] : [{ id, room: schedule, offer }];
    });
  }
}
