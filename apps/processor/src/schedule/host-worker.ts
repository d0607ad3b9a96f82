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

/** Gives one model host its work: one picture at a time, of the room that is next (`pick-room.ts`). */
export class HostWorker {
  private readonly clock: Clock;
  private readonly rooms = new Map<WorkerRoom, RoomSchedule>();
  private busy = false;
  private timer: Timer | undefined;

  constructor(options: { readonly clock: Clock }) {
    this.clock = options.clock;
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

  /** Something changed: a picture came, a room is due. Starts the next analysis if the model is free. */
  look(): void {
    this.timer?.cancel();
    this.timer = undefined;
    if (this.busy) return;
    const now = this.clock.monotonic();
    const decision = pickRoom(this.candidates(), now);
    if ('pick' in decision) this.serve(decision.pick, now);
    else if (decision.wakeMs !== undefined) {
      this.timer = this.clock.setTimeout(() => this.look(), decision.wakeMs - now);
    }
  }

  private serve({ id, room, offer }: Candidate<WorkerRoom>, nowMs: number): void {
    this.busy = true;
    this.rooms.set(id, served(room, offer, nowMs));
    void id.analyse().finally(() => {
      this.busy = false;
      this.look();
    });
  }

  private candidates(): Candidate<WorkerRoom>[] {
    return [...this.rooms].flatMap(([id, room]) => {
      const offer = id.offer();
      return offer === undefined ? [] : [{ id, room, offer }];
    });
  }
}
