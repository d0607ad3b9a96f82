import type { Decode, Restores, SetBy, SettingOwner, Zone } from '@vigilia/protocol';
import type { Rotation } from '@vigilia/vision';

/** What can be set for all rooms at once; later rooms start with the defaults. */
export interface RoomSettings {
  readonly modelId: string;
  readonly maxFps: number;
  readonly confidence: number;
  readonly tracking: boolean;
  readonly decode: Decode;
}

/** One watched room. */
export interface RoomConfig extends RoomSettings {
  readonly sourceId: number;
  /** An address of its own; otherwise it follows from the stream server. */
  readonly uri?: string;
  /** undefined: never configured here; then the zones that travel with the room count. */
  readonly zones?: readonly Zone[];
  /** The camera refuses a second session: the old one is closed before the new one opens. */
  readonly singleSession: boolean;
  /** Shape of the picture, `16:9`; null: what the stream itself flags; undefined: never configured here. */
  readonly aspect?: string | null;
  /** Degrees clockwise that turn the picture upright; undefined: never configured here. */
  readonly rotate?: Rotation;
  /** Counts restarts of the room: another number means another ffmpeg, though nothing else differs. */
  readonly generation: number;
  /** Who set what; a setting without an owner was never set here. */
  readonly setBy: SetBy;
}

/** A room that a command took away. */
interface RemovedRoom {
  readonly sourceId: number;
  readonly setBy: SettingOwner;
}

/** Everything that a processor is set to do. Immutable: a command makes a new one. */
export interface ProcessorConfig {
  readonly defaults: RoomSettings;
  /** Who set the defaults. */
  readonly setBy: SetBy;
  /** Sorted by `sourceId`, each once. */
  readonly rooms: readonly RoomConfig[];
  /** Rooms that commands took away and that have not come back; the latest last. */
  readonly removed: readonly RemovedRoom[];
  /** Counts restarts of everything: another number means other model hosts. */
  readonly modelGeneration: number;
}

/** What the environment adds to a configuration: where rooms come from and which addresses are allowed. */
export interface AddressRules {
  readonly streamServer: string;
  /** Refuses an address that no room may have. @throws CommandError `invalid_params` */
  checkUri(uri: string): void;
}

/** Who gives a command, and which addresses it may name. */
export interface EditContext {
  readonly rules: AddressRules;
  readonly owner: SettingOwner;
  /** Settings that the command gives back to operators. */
  readonly restores?: Restores | undefined;
}

export function findRoom(config: ProcessorConfig, sourceId: number): RoomConfig | undefined {
  return config.rooms.find((room) => room.sourceId === sourceId);
}

/** A room as it starts: the defaults, changed by `own`. */
export function newRoom(defaults: RoomSettings, sourceId: number, own: Partial<RoomConfig> = {}): RoomConfig {
  return { ...defaults, singleSession: false, generation: 0, setBy: {}, ...own, sourceId };
}

/** The configuration a processor starts with. Doubled rooms count once. */
export function initialConfig(
  defaults: RoomSettings,
  sourceIds: readonly number[],
  own: Partial<RoomConfig> = {},
): ProcessorConfig {
  const rooms = sortedIds(sourceIds).map((sourceId) => newRoom(defaults, sourceId, own));
  return { defaults, setBy: {}, rooms, removed: [], modelGeneration: 0 };
}

function sortedIds(sourceIds: readonly number[]): number[] {
  return [...new Set(sourceIds)].sort((a, b) => a - b);
}
