/** The rooms themselves: who lies on the floor, whose camera works. The truth that processors see through cameras. */
export class SimHouse {
  readonly #rooms = new Map<number, { camera: boolean; person: 'up' | 'down'; fall: number }>();

  constructor(sourceIds: readonly number[]) {
    for (const sourceId of sourceIds) this.#rooms.set(sourceId, { camera: true, person: 'up', fall: 0 });
  }

  get rooms(): number[] {
    return [...this.#rooms.keys()];
  }

  room(sourceId: number): { camera: boolean; person: 'up' | 'down'; fall: number } {
    let room = this.#rooms.get(sourceId);
    if (room === undefined) {
      room = { camera: true, person: 'up', fall: 0 };
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
