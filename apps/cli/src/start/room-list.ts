import { UsageError } from '@vigilia/service';

/**
 * `0-7`, `0,1,5` or `0-3,8` as room numbers, sorted and without doubles.
 * @throws UsageError naming the flag.
 */
export function parseRoomsFlag(text: string): number[] {
  const rooms = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,7})(?:-(\d{1,7}))?\s*$/.exec(part);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (match === null || last < first || last - first >= 1000) {
      throw roomsError(part);
    }
    for (let room = first; room <= last; room++) {
      rooms.add(room);
    }
  }
  return [...rooms].sort((a, b) => a - b);
}

/** The first half of the rooms goes to processor-a, the rest to processor-b. */
export function splitHomes(rooms: readonly number[]): { readonly [instance: string]: readonly number[] } {
  const half = Math.ceil(rooms.length / 2);
  const homes: Record<string, readonly number[]> = { 'processor-a': rooms.slice(0, half) };
  if (rooms.length > half) {
    homes['processor-b'] = rooms.slice(half);
  }
  return homes;
}

function roomsError(part: string): UsageError {
  return new UsageError({
    code: 'invalid_settings',
    message: `--rooms: "${part}" is not a room or a range of rooms.`,
    remedy: 'Write for example 0-7 or 0,1,5.',
  });
}
