import type { RoomCondition, RoomView } from '../../shared/view.ts';

/** Which rooms a person wants to see, and how. */
export interface RoomChoice {
  /** A ward; undefined: all. */
  readonly ward?: string | undefined;
  /** Only rooms that need attention. */
  readonly attention: boolean;
  /** Small tiles with the name and the condition alone. */
  readonly compact: boolean;
}

const key = 'rooms-shown';
const everything: RoomChoice = { attention: false, compact: false };

/** Returns whether a room in this condition needs a person, now or soon. */
export function needsAttention(condition: RoomCondition): boolean {
  return condition !== 'well' && condition !== 'waiting';
}

/** Returns the rooms of the choice whose name contains the text. A ward that no room has any more hides nothing. */
export function shownRooms(
  rooms: readonly RoomView[],
  { ward, attention }: RoomChoice,
  { text, nameOf }: { readonly text: string; readonly nameOf: (room: RoomView) => string },
): RoomView[] {
  const wanted = text.trim().toLowerCase();
  const isKnown = ward !== undefined && rooms.some((room) => room.ward === ward);
  return rooms.filter(
    (room) =>
      (!isKnown || room.ward === ward) &&
      (!attention || needsAttention(room.condition)) &&
      nameOf(room).toLowerCase().includes(wanted),
  );
}

/** Returns the wards of the rooms, sorted. */
export function wardsOfRooms(rooms: readonly RoomView[]): string[] {
  const wards = new Set(rooms.flatMap(({ ward }) => ward ?? []));
  return [...wards].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
}

/** Returns the choice that was made last in this browser. */
export function keptChoice(): RoomChoice {
  try {
    const { ward, attention, compact } = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<RoomChoice>;
    return { ward, attention: attention === true, compact: compact === true };
  } catch {
    return everything;
  }
}

/** Keeps a choice in this browser, where that is allowed. */
export function keepChoice(choice: RoomChoice): void {
  try {
    localStorage.setItem(key, JSON.stringify(choice));
  } catch {
    // a browser that keeps nothing begins anew
  }
}
