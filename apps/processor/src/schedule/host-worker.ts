import type { Clock, Timer } from '@vigilia/service';
import { type Candidate, pickRoom } from './pick-room.ts';
import { type Claim, changeRate, joinSchedule, type Offer, type RoomSchedule, served } from './room-schedule.ts';

/** A room as its worker sees it. */
export interface WorkerRoom {
  /** The picture that could be analysed now; undefined: none that is new. */
  offer(): Offer | undefined;
  /** Analyses that picture with the worker's model. Resolves when the model is free again; never rejects. */
  analyse(): Promise<void>;
}

export interface Rate {
  readonly intervalMs: number;
  readonly claim: Claim;
}

/** When this share of an analysis is left the next picture may be handed over, so that the model does not wait for it. */
const handOver = 0.25;

/**
 * Gives one model host its work: the picture of the room that is next (`pick-room.ts`). One is analysed at a time; when that
 * is nearly done the next is chosen, no earlier, because the picture and the order of the rooms would be of yesterday.
 */
export class HostWorker {
  private readonly clock: Clock;
  private readonly usualMs: () => number | undefined;
  private readonly rooms = new Map<WorkerRoom, RoomSchedule>();
  private inFlight = 0;
  /** When the analysis in flight will be nearly done, monotonic ms. */
  private nearlyDoneMs = 0;
  private timer: Timer | undefined;

  /** `usualMs`: how long an analysis takes; unknown, the next one begins when the one before has ended. */
  constructor(options: { readonly clock: Clock; readonly usualMs?: () => number | undefined }) {
    this.clock = options.clock;
    this.usualMs = options.usualMs ?? (() => undefined);
  }

  /** The room is served from now on, and due at once. */
  join(room: WorkerRoom, rate: Rate): void {
    this.rooms.set(room, joinSchedule(this.clock.monotonic(), rate));
    this.look();
  }

  leave(room: WorkerRoom): void {
    this.rooms.delete(room);
    if (this.rooms.size === 0) this.timer?.cancel();
  }

  setRate(room: WorkerRoom, rate: Rate): void {
    const schedule = this.rooms.get(room);
    if (schedule === undefined) return;
    this.rooms.set(room, changeRate(schedule, rate));
    this.look();
  }

  dueNow(room: WorkerRoom): void {
    const schedule = this.rooms.get(room);
    if (schedule === undefined) return;
    this.rooms.set(room, { ...schedule, dueMs: this.clock.monotonic() });
    this.look();
  }

  /** How many due analyses of a room could not be done since it joined. */
  skipped(room: WorkerRoom): number {
    return this.rooms.get(room)?.skipped ?? 0;
  }

  /** Something changed: a picture came, a room is due. Starts the next analysis if the model is free, or nearly so. */
  look(): void {
    this.timer?.cancel();
    this.timer = undefined;
    if (this.inFlight > 1) return;
    const now = this.clock.monotonic();
    const freeMs = this.inFlight === 0 ? now : this.nearlyDoneMs;
    const decision = freeMs > now ? { wakeMs: freeMs } : pickRoom(this.candidates(), now);
    if ('pick' in decision) this.serve(decision.pick, now);
    else if (decision.wakeMs !== undefined && Number.isFinite(decision.wakeMs)) {
      this.timer = this.clock.setTimeout(() => this.look(), decision.wakeMs - now);
    }
  }

  private serve({ id, room, offer }: Candidate<WorkerRoom>, nowMs: number): void {
    if (this.inFlight++ === 0) this.begun(nowMs);
    this.rooms.set(id, served(room, offer, nowMs));
    void id.analyse().finally(() => {
      if (--this.inFlight === 1) this.begun(this.clock.monotonic());
      this.look();
    });
    this.look();
  }

  /** The model begins with a picture. */
  private begun(nowMs: number): void {
    this.nearlyDoneMs = nowMs + (this.usualMs() ?? Number.POSITIVE_INFINITY) * (1 - handOver);
  }

  private candidates(): Candidate<WorkerRoom>[] {
    return [...this.rooms].flatMap(([id, room]) => {
      const offer = id.offer();
      return offer === undefined ? [] : [{ id, room, offer }];
    });
  }
}
