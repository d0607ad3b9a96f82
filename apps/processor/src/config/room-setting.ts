import { setting } from '@vigilia/service';
import { z } from 'zod';

/** A setting of all rooms, and of single rooms that have their own. */
export interface RoomSetting<T> {
  readonly all: T | undefined;
  readonly byRoom: ReadonlyMap<number, T>;
}

export function noRoomSetting<T>(): RoomSetting<T> {
  return { all: undefined, byRoom: new Map() };
}

/**
 * Makes the schema of a flag such as `90,3=0,4-6=180`: the first is for all rooms, the others for the rooms before the `=`.
 * @param parse reads one value; undefined: it is not one
 * @param example how it is written, for the message
 */
export function perRoom<T>(parse: (value: string) => T | undefined, example: string) {
  return setting.text().transform((text, context): RoomSetting<T> => {
    let all: T | undefined;
    const byRoom = new Map<number, T>();
    for (const part of text.split(/[;,]/).filter((one) => one.trim() !== '')) {
      const [, rooms, own] = /^([^=]*)=(.*)$/.exec(part) ?? [];
      const value = parse((own ?? part).trim());
      const numbers = rooms === undefined ? [] : roomList.safeParse(rooms).data;
      if (value === undefined || numbers === undefined || (rooms !== undefined && numbers.length === 0)) {
        context.issues.push({ code: 'custom', message: `must be written like ${example}`, input: undefined });
        return z.NEVER;
      }
      if (rooms === undefined) {
        all = value;
      }
      for (const room of numbers) {
        byRoom.set(room, value);
      }
    }
    return { all, byRoom };
  });
}

const roomList = setting.integerList();

/** The room's own value, or that of all rooms. */
export function roomSettingOf<T>(setting: RoomSetting<T>, sourceId: number): T | undefined {
  return setting.byRoom.get(sourceId) ?? setting.all;
}
