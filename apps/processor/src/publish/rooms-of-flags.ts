import type { ProcessorConfig, RoomConfig } from '../config/processor-config.ts';

/** Which rooms go by the flags of this life: nobody has told them another rate or model since the start. */
export class RoomsOfFlags {
  readonly #rooms: Map<number, RoomConfig>;

  /** @param rooms as the flags have them; none where a kept state was read instead */
  constructor(rooms: readonly RoomConfig[]) {
    this.#rooms = new Map(rooms.map((room) => [room.sourceId, room]));
  }

  has(sourceId: number): boolean {
    return this.#rooms.has(sourceId);
  }

  /** A command was obeyed: what it told a room is meant from now on, also once it is told to be as before. */
  obeyed(config: ProcessorConfig): void {
    const now = new Map(config.rooms.map((room) => [room.sourceId, room]));
    for (const [sourceId, { maxFps, modelId }] of this.#rooms) {
      const room = now.get(sourceId);
      if (room?.maxFps !== maxFps || room.modelId !== modelId) this.#rooms.delete(sourceId);
    }
  }
}
