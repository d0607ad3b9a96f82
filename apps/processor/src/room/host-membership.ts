import type { ModelHost } from '../model/supervised-model-host.ts';
import type { HostWorker, Rate, ScheduledRoom } from '../schedule/host-worker.ts';
import type { RoomContext } from './room-context.ts';

/** A room's place at the model host that serves it. It may be left and taken again, and moved to another host. */
export class HostMembership {
  readonly #room: ScheduledRoom;
  readonly #workerOf: RoomContext['workerOf'];
  #model: ModelHost;
  #worker: HostWorker;
  #skippedBefore = 0;

  constructor(options: {
    readonly room: ScheduledRoom;
    readonly host: ModelHost;
    readonly workerOf: RoomContext['workerOf'];
  }) {
    this.#room = options.room;
    this.#workerOf = options.workerOf;
    this.#model = options.host;
    this.#worker = options.workerOf(options.host);
  }

  get host(): ModelHost {
    return this.#model;
  }

  /** Due analyses that could not be done, over all hosts and all times it was left. */
  get skipped(): number {
    return this.#skippedBefore + this.#worker.skipped(this.#room);
  }

  /** Served from now on, and due at once. */
  join(rate: Rate): void {
    this.#worker.join(this.#room, rate);
  }

  leave(): void {
    this.#skippedBefore += this.#worker.skipped(this.#room);
    this.#worker.leave(this.#room);
  }

  /** Of a membership that was left: it will be joined at this host. */
  moveTo(host: ModelHost): void {
    this.#model = host;
    this.#worker = this.#workerOf(host);
  }

  setRate(rate: Rate): void {
    this.#worker.setRate(this.#room, rate);
  }

  dueNow(): void {
    this.#worker.dueNow(this.#room);
  }

  /** Where its model is given work that may wait. */
  get worker(): Pick<HostWorker, 'inSpareTime'> {
    return this.#worker;
  }

  /** A frame came. */
  serveNext(): void {
    this.#worker.serveNext();
  }
}
