export interface SimRoom {
  camera: boolean;
  person: 'up' | 'down';
  /** Falls so far. */
  fall: number;
  /** When a processor last took it. */
  takenAtMs: number;
}

/** The rooms themselves: who lies on the floor, whose camera works. The truth that processors see through cameras. */
export class SimHouse {
  readonly #rooms = new Map<number, SimRoom>();

  constructor(sourceIds: readonly number[]) {
    for (const sourceId of sourceIds) {
      this.room(sourceId);
    }
  }

  get rooms(): number[] {
    return [...this.#rooms.keys()];
  }

  room(sourceId: number): SimRoom {
    let room = this.#rooms.get(sourceId);
    if (room === undefined) {
      room = { camera: true, person: 'up', fall: 0, takenAtMs: 0 };
      this.#rooms.set(sourceId, room);
    }
    return room;
  }

  fall(sourceId: number): void {
    const room = this.room(sourceId);
    if (room.person === 'down') return;
    room.person = 'down';
    room.fall += 1;
  }

  standUp(sourceId: number): void {
    this.room(sourceId).person = 'up';
  }

  setCamera(sourceId: number, works: boolean): void {
    this.room(sourceId).camera = works;
  }
}
