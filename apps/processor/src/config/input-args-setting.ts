/** Further arguments for ffmpeg by room: a room's own replace those of all. */
export interface InputArgsSetting {
  readonly all: readonly string[];
  readonly byRoom: ReadonlyMap<number, readonly string[]>;
}

/**
 * Reads `-hwaccel vaapi; 3=-hwaccel none; 4=`: the first is for all rooms, the others for the room before the `=`. Whether the
 * arguments are allowed is not looked at here.
 */
export function parseInputArgs(text: string): InputArgsSetting {
  let all: readonly string[] = [];
  const byRoom = new Map<number, readonly string[]>();
  for (const part of text.split(';')) {
    const [, room, own] = /^\s*(\d+)\s*=(.*)$/.exec(part) ?? [];
    if (room === undefined) {
      all = [...all, ...words(part)];
    } else {
      byRoom.set(Number(room), words(own ?? ''));
    }
  }
  return { all, byRoom };
}

export function inputArgsOf(setting: InputArgsSetting, sourceId: number): readonly string[] {
  return setting.byRoom.get(sourceId) ?? setting.all;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
