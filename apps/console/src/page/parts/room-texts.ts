import { en, type TextKey } from '../texts/en.ts';
import type { PageContext } from './context.ts';

/** Returns what people call the room. */
export function roomName(
  t: PageContext['t'],
  room: { readonly id: number; readonly name?: string | undefined },
): string {
  return room.name ?? t('room.title', { id: room.id });
}

/** Why the picture of a room shows nothing, and what to do; the cause itself where there are no words for it. */
export function causeText(t: PageContext['t'], cause: string): string {
  return isSeenPoorly(cause) ? t(`camera.${cause}`) : cause;
}

/** Returns the cause that a person gave with a verdict: in words where it is one of the list, else as it was typed. */
export function verdictCauseText(t: PageContext['t'], cause: string): string {
  const key = `cause.${cause}`;
  return Object.hasOwn(en, key) ? t(key as TextKey) : cause;
}

/** The camera works, but nothing can be seen: people in the room can help. */
export function isSeenPoorly(cause: string | undefined): cause is 'dark' | 'covered' {
  return cause === 'dark' || cause === 'covered';
}

/** Returns the entry of an id that comes from an address, which may hold anything. */
export function entryOf<T>(entries: Readonly<Record<string, T>>, id: string | undefined): T | undefined {
  return id !== undefined && Object.hasOwn(entries, id) ? entries[id] : undefined;
}
