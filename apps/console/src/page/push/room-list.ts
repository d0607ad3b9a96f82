/** More numbers than a range of rooms has. */
const longestRange = 2000;

/**
 * Reads a list of rooms as people write it: `101-120, 131`; empty means all rooms.
 * @returns undefined for all rooms; `invalid` for a text that is not such a list
 */
export function parseRoomList(text: string): readonly number[] | undefined | 'invalid' {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  if (parts.length === 0) return undefined;
  const rooms = new Set<number>();
  for (const part of parts) {
    const [, first, last] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last ?? first)];
    if (first === undefined || to < from || to - from >= longestRange) return 'invalid';
    for (let room = from; room <= to; room += 1) {
      rooms.add(room);
    }
  }
  return [...rooms].sort((a, b) => a - b);
}

/** Writes a list of rooms with ranges: `101-120, 131`. */
export function formatRoomList(rooms: readonly number[] | undefined): string {
  const ranges: [number, number][] = [];
  for (const room of rooms ?? []) {
    const last = ranges.at(-1);
    if (last !== undefined && room === last[1] + 1) {
      last[1] = room;
    } else {
      ranges.push([room, room]);
    }
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
