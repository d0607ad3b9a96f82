import {
  type RemovedStream,
  type Restores,
  roomSettings,
  type SetBy,
  type SettingOwner,
  withRestoredOwners,
  type Zone,
} from '@vigilia/protocol';

/** What a processor does in a room. */
export interface SimStream {
  readonly maxFps: number;
  readonly modelId: string;
  readonly zones?: readonly Zone[] | undefined;
  readonly setBy: SetBy;
}

/** What a state folder keeps. */
export interface SimState {
  readonly streams: ReadonlyMap<number, SimStream>;
  readonly removed: ReadonlyMap<number, SettingOwner>;
}

const fromTheStart: SettingOwner = { by: 'flags', at: '2026-01-01T00:00:00.000Z' };
const defaults: SimStream = {
  maxFps: 0.1,
  modelId: 'light',
  setBy: { max_fps: fromTheStart, model_id: fromTheStart },
};

/** The rooms of a simulated processor, and the owners of their settings. */
export class SimRooms {
  readonly streams = new Map<number, SimStream>();
  readonly removed = new Map<number, SettingOwner>();
  readonly #models: readonly string[];

  /** @param models those that can be loaded */
  constructor(models: readonly string[]) {
    this.#models = models;
  }

  get state(): SimState {
    return { streams: new Map(this.streams), removed: new Map(this.removed) };
  }

  get removals(): RemovedStream[] {
    return [...this.removed].map(([source_id, set_by]) => ({ source_id, set_by }));
  }

  restore({ streams, removed }: SimState): void {
    for (const [room, stream] of streams) {
      this.streams.set(room, stream);
    }
    for (const [room, owner] of removed) {
      this.removed.set(room, owner);
    }
  }

  /** Carries out a command. Returns the rooms that it named, or the code of its failure. */
  apply(
    command: string,
    params: Record<string, unknown>,
    { owner, restores }: { readonly owner: SettingOwner; readonly restores: Restores | undefined },
  ): readonly number[] | string {
    const { source_id: sourceId, max_fps, model_id, zones } = params as Params;
    const rooms = sourceId === undefined ? [...this.streams.keys()] : [sourceId];
    if (model_id !== undefined && !this.#models.includes(model_id)) return 'model_not_found';
    const isAdded = command === 'add_stream';
    if (isAdded && rooms.some((room) => this.streams.has(room))) return 'stream_exists';
    if (!isAdded && !rooms.every((room) => this.streams.has(room))) return 'unknown_stream';
    for (const room of rooms) {
      const before = this.streams.get(room) ?? defaults;
      if (command === 'remove_stream') {
        this.streams.delete(room);
        this.removed.set(room, owner);
        continue;
      }
      this.removed.delete(room);
      const setBy = { ...before.setBy, ...withRestoredOwners(ownersOf(params, owner), owner, restores) };
      this.streams.set(room, {
        maxFps: max_fps ?? before.maxFps,
        modelId: model_id ?? before.modelId,
        zones: zones ?? before.zones,
        setBy: isAdded ? { ...setBy, stream: owner } : setBy,
      });
    }
    return rooms;
  }
}

interface Params {
  readonly source_id?: number;
  readonly max_fps?: number;
  readonly model_id?: string;
  readonly zones?: readonly Zone[];
}

/** The owner of each setting that the parameters name. */
function ownersOf(params: Record<string, unknown>, owner: SettingOwner): SetBy {
  const named = roomSettings.filter((setting) => params[setting] !== undefined);
  return Object.fromEntries(named.map((setting) => [setting, owner])) as SetBy;
}
