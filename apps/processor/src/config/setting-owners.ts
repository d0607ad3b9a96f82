import { isDeepStrictEqual } from 'node:util';
import type { RoomSettingName, SetBy, SettingOwner } from '@vigilia/protocol';
import type { ProcessorConfig, RoomConfig } from './processor-config.ts';

/** The names under which the status states settings. */
const statedNames = {
  uri: 'uri',
  modelId: 'model_id',
  maxFps: 'max_fps',
  confidence: 'confidence',
  tracking: 'tracking',
  decode: 'decode',
  zones: 'zones',
  singleSession: 'single_session',
  aspect: 'aspect',
  rotate: 'rotate',
} as const satisfies Partial<Record<keyof RoomConfig, RoomSettingName>>;

/** Returns the owners of settings after `owner` set those that `changes` names, also to the value that they had. */
export function ownedBy(owner: SettingOwner, changes: Partial<RoomConfig>, before: SetBy = {}): SetBy {
  const setBy: SetBy = { ...before };
  for (const key of Object.keys(changes)) {
    const name = (statedNames as Partial<Record<string, RoomSettingName>>)[key];
    if (name !== undefined) {
      setBy[name] = owner;
    }
  }
  return setBy;
}

/** Returns a room with other settings, which belong to `owner` from now on. */
export function withSettings(room: RoomConfig, changes: Partial<RoomConfig>, owner: SettingOwner): RoomConfig {
  return { ...room, ...changes, setBy: ownedBy(owner, changes, room.setBy) };
}

/** Returns whether two configurations ask for the same, apart from the owners. */
export function sameValues(a: ProcessorConfig, b: ProcessorConfig): boolean {
  return isDeepStrictEqual(withoutOwners(a), withoutOwners(b));
}

/** Returns whether two configurations of a room ask for the same, apart from the owners. */
export function sameRoom(a: RoomConfig, b: RoomConfig): boolean {
  return isDeepStrictEqual(withoutOwner(a), withoutOwner(b));
}

function withoutOwners(config: ProcessorConfig): ProcessorConfig {
  return { ...config, setBy: {}, removed: [], rooms: config.rooms.map(withoutOwner) };
}

function withoutOwner(room: RoomConfig): RoomConfig {
  return { ...room, setBy: {} };
}
