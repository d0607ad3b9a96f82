import type { PageContext } from './context.ts';

/** Returns what people call the room. */
export function roomName(
  t: PageContext['t'],
  room: { readonly id: number; readonly name?: string | undefined },
): string {
  return room.name ?? t('room.title', { id: room.id });
}

/** Returns the entry of an id that comes from an address, which may hold anything. */
export function entryOf<T>(entries: Readonly<Record<string, T>>, id: string | undefined): T | undefined {
  return id !== undefined && Object.hasOwn(entries, id) ? entries[id] : undefined;
}
